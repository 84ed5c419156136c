-- After every `npm run migrate`, by fingerpost_migrate:  psql -f grants.sql "$DATABASE_URL"
GRANT USAGE ON SCHEMA public, drizzle TO fingerpost_registry;
GRANT SELECT ON drizzle.__drizzle_migrations TO fingerpost_registry;

GRANT SELECT, UPDATE ON catalogue TO fingerpost_registry;
GRANT SELECT, INSERT, UPDATE, DELETE ON files, bundles, grants TO fingerpost_registry;

-- The audit trail only grows. (What a registry could not do anyway, a trigger refuses to everybody.)
GRANT SELECT, INSERT ON audit_trail TO fingerpost_registry;
