-- Several resources may share one place (type, class and id in an environment):
-- the one in use, and those that it has replaced or that are to replace it. So
-- the GUResID becomes the key, and only one of a place is not retired.

-- +goose Up
ALTER TABLE active_resources
    ADD COLUMN retired boolean NOT NULL DEFAULT false,
    ADD COLUMN deletions bigint NOT NULL DEFAULT 0,
    ADD COLUMN deletion_at bigint NOT NULL DEFAULT 0;
ALTER TABLE active_resources
    ALTER COLUMN retired DROP DEFAULT,
    ALTER COLUMN deletions DROP DEFAULT,
    ALTER COLUMN deletion_at DROP DEFAULT;
UPDATE active_resources SET deletions = 1, deletion_at = updated_at WHERE scheduled_deletion;
ALTER TABLE active_resources DROP CONSTRAINT active_resources_pkey;
ALTER TABLE active_resources ADD PRIMARY KEY (org_id, app_id, env_id, guresid);
CREATE UNIQUE INDEX active_resources_place ON active_resources (org_id, app_id, env_id, res_type, class, res_id)
    WHERE NOT retired;
CREATE INDEX active_resources_deleting ON active_resources (org_id, app_id, env_id, guresid)
    WHERE status = 'deleting';

-- +goose Down
DROP INDEX active_resources_deleting;
DROP INDEX active_resources_place;
DELETE FROM active_resources WHERE retired;
ALTER TABLE active_resources DROP CONSTRAINT active_resources_pkey;
ALTER TABLE active_resources ADD PRIMARY KEY (org_id, app_id, env_id, res_type, class, res_id);
ALTER TABLE active_resources
    DROP COLUMN retired,
    DROP COLUMN deletions,
    DROP COLUMN deletion_at;
