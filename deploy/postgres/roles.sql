-- Once, by a superuser of the server:  psql -f roles.sql
-- Who changes the schema is not who serves: `npm run migrate` goes by fingerpost_migrate, registries by fingerpost_registry.
-- Give both a password (\password), or certificates; they are named in DATABASE_URL.
CREATE ROLE fingerpost_migrate LOGIN;
CREATE ROLE fingerpost_registry LOGIN;
CREATE DATABASE fingerpost OWNER fingerpost_migrate;

REVOKE ALL ON DATABASE fingerpost FROM PUBLIC;
GRANT CONNECT ON DATABASE fingerpost TO fingerpost_registry;

\connect fingerpost
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO fingerpost_migrate;
