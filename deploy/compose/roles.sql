-- Before each migration, in compose and in the chart: the database and who may do what in it, once; their passwords, each time.
SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = 'fingerpost') AS is_new \gset
\if :is_new
\i /sql/roles.sql
\endif

\set migrate `cat /run/secrets/postgres_migrate_password`
\set registry `cat /run/secrets/postgres_registry_password`
ALTER ROLE fingerpost_migrate PASSWORD :'migrate';
ALTER ROLE fingerpost_registry PASSWORD :'registry';
