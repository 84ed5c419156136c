CREATE TABLE "audit_trail" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"service" text NOT NULL,
	"event" text NOT NULL,
	"recorded_at" text NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_trail_once" UNIQUE("id","service")
);
--> statement-breakpoint
CREATE TABLE "bundles" (
	"digest" text PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL,
	"source_map" "bytea",
	"left_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "catalogue" (
	"id" integer PRIMARY KEY NOT NULL,
	"epoch" bigint NOT NULL,
	"term" bigint NOT NULL,
	"is_open" boolean NOT NULL,
	"data_digest" text,
	"least_migrations" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"file" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"claimed_in" bigint NOT NULL,
	"admitted" text,
	"served" text,
	"own_fault" text,
	"fault" text,
	"is_gone" boolean NOT NULL,
	"changed_in" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"digest" text PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL,
	"terms" text NOT NULL,
	"is_in_force" boolean NOT NULL,
	"changed_in" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "files_changed_in" ON "files" USING btree ("changed_in");--> statement-breakpoint
CREATE INDEX "grants_changed_in" ON "grants" USING btree ("changed_in");