-- The one row there is.
INSERT INTO "catalogue" ("id", "epoch", "term", "is_open") VALUES (1, 0, 0, false);
--> statement-breakpoint
-- What was written down stays as it is, for the tables' owner too: whoever takes the trigger away leaves a hash chain that shows it.
CREATE FUNCTION "audit_trail_only_grows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail only grows: % is refused', TG_OP;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_trail_rows_stay" BEFORE UPDATE OR DELETE ON "audit_trail"
  FOR EACH ROW EXECUTE FUNCTION "audit_trail_only_grows"();
--> statement-breakpoint
CREATE TRIGGER "audit_trail_stays" BEFORE TRUNCATE ON "audit_trail"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_trail_only_grows"();
