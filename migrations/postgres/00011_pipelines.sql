-- Pipelines, their versions, and the criteria that choose the pipeline of a deployment request. Applications that are
-- there already get the pipeline that new ones begin with.

-- +goose Up
CREATE TABLE pipelines (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    version_id text NOT NULL,
    trigger_types json,
    metadata json,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);

CREATE TABLE pipeline_versions (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    pipeline_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    definition text NOT NULL,
    trigger_types json,
    metadata json,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, app_id, pipeline_id, id),
    FOREIGN KEY (org_id, app_id, pipeline_id) REFERENCES pipelines (org_id, app_id, id) ON DELETE CASCADE
);
CREATE INDEX pipeline_versions_newest ON pipeline_versions (org_id, app_id, pipeline_id, created_at DESC, id);

CREATE TABLE pipeline_criteria (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    pipeline_id text COLLATE "C" NOT NULL,
    trigger_type text NOT NULL,
    criteria_app_id text NOT NULL,
    env_type text NOT NULL,
    criteria_env_id text NOT NULL,
    deployment_type text NOT NULL,
    match_key text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id, pipeline_id) REFERENCES pipelines (org_id, app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX pipeline_criteria_same ON pipeline_criteria (org_id, app_id, match_key);

INSERT INTO pipelines (org_id, app_id, id, name, status, version_id, trigger_types, metadata, created_at, created_by, updated_at, version)
SELECT org_id, id, 'default-deployment', 'Default deployment', 'active', gen_random_uuid()::text,
    '["deployment_request"]', NULL, created_at, created_by, created_at, 1
FROM applications;

INSERT INTO pipeline_criteria (org_id, app_id, id, pipeline_id, trigger_type, criteria_app_id, env_type, criteria_env_id, deployment_type, match_key, created_at, created_by)
SELECT org_id, app_id, gen_random_uuid()::text,
    id, 'deployment_request', '', '', '', '', 'deployment_request|*|*|*', created_at, created_by
FROM pipelines;

INSERT INTO pipeline_versions (org_id, app_id, pipeline_id, id, name, definition, trigger_types, metadata, created_at, created_by)
SELECT org_id, app_id, id, version_id, name, 'name: Default deployment
on:
  deployment_request: {}

# A run may do what whoever asks for the deployment may do.
permissions:
  run-as: inherit

jobs:
  deploy:
    steps:
    - name: Create deployment set
      id: create-deployment-set
      if: ${{ ! inputs.set_id }}
      uses: actions/humanitec/apply@v1
      with:
        delta_id: ${{ inputs.delta_id }}
        env_id: ${{ inputs.env_id }}

    - name: Deploy set to environment
      uses: actions/humanitec/deploy@v1
      with:
        set_id: ${{ inputs.set_id || steps.create-deployment-set.outputs.set_id }}
        value_set_version_id: ${{ inputs.value_set_version_id }}
        env_id: ${{ inputs.env_id }}
        mode: ${{ inputs.mode }}
        comment: ${{ inputs.comment }}
', trigger_types, metadata, created_at, created_by
FROM pipelines;

-- +goose Down
DROP TABLE pipeline_criteria;
DROP TABLE pipeline_versions;
DROP TABLE pipelines;
