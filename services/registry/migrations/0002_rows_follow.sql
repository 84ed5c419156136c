-- A row follows from the one before, whoever puts it in: `audit/trail.ts` reckons the same. Of a trail that was cut off, or of somebody
-- who reckons as well, it says nothing.
CREATE FUNCTION "audit_trail_follows"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  "last" record;
  "text" text;
BEGIN
  SELECT "seq", "hash" INTO "last" FROM "audit_trail" ORDER BY "seq" DESC LIMIT 1;
  -- canonical JSON: names in order, no spaces
  "text" := concat(
    '{"event":', to_json(NEW."event"),
    ',"id":', to_json(NEW."id"),
    ',"previousHash":', to_json(NEW."previous_hash"),
    ',"recordedAt":', to_json(NEW."recorded_at"),
    ',"seq":', NEW."seq",
    ',"service":', to_json(NEW."service"), '}');
  IF NEW."seq" IS DISTINCT FROM coalesce("last"."seq", 0) + 1
    OR NEW."previous_hash" IS DISTINCT FROM coalesce("last"."hash", repeat('0', 64))
    OR NEW."hash" IS DISTINCT FROM encode(sha256(convert_to("text", 'UTF8')), 'hex')
  THEN
    RAISE EXCEPTION 'row % of the audit trail does not follow from the one before', NEW."seq";
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_trail_rows_follow" BEFORE INSERT ON "audit_trail"
  FOR EACH ROW EXECUTE FUNCTION "audit_trail_follows"();
