// Made from the OpenAPI document by `make generate`; do not edit.

export interface paths {
    "/auth/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept an invitation with its token; the answer holds a token of yours */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redeem the code of a sign-in with the command line */
        post: operations["redeemLoginCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/current-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get your profile and roles */
        get: operations["getCurrentUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change your name or properties */
        patch: operations["updateCurrentUser"];
        trace?: never;
    };
    "/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Organizations you belong to */
        get: operations["listOrganizations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an Organization */
        get: operations["getOrganization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/active-resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the resources of all Environments of an Organization by Application, Environment and GUResID, those that were replaced as well */
        get: operations["listActiveResourcesInOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List agents */
        get: operations["listAgents"];
        put?: never;
        /** Register an agent */
        post: operations["createAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/agents/{agentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an agent with its keys */
        delete: operations["deleteAgent"];
        options?: never;
        head?: never;
        /** Change the description of an agent */
        patch: operations["patchAgent"];
        trace?: never;
    };
    "/orgs/{orgId}/agents/{agentId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the keys of an agent */
        get: operations["listKeysInAgent"];
        put?: never;
        /** Add a key to an agent */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/agents/{agentId}/keys/{fingerprint}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a key from an agent */
        delete: operations["deleteKeyInAgent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Applications */
        get: operations["listApplications"];
        put?: never;
        /** Create an Application, with its first Environment */
        post: operations["createApplication"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an Application */
        get: operations["getApplication"];
        put?: never;
        post?: never;
        /** Delete an Application with everything in it; repeat until 204 or 404 */
        delete: operations["deleteApplication"];
        options?: never;
        head?: never;
        /** Rename an Application */
        patch: operations["patchApplication"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List approval requests, newest first */
        get: operations["listPipelineApprovalRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/deltas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Deltas, newest first */
        get: operations["listDeltas"];
        put?: never;
        /** Store a Delta; the answer is its id, or with metadata in the request the whole Delta */
        post: operations["createDelta"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/deltas/{deltaId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Delta */
        get: operations["getDelta"];
        /** Replace what a stored Delta changes */
        put: operations["putDelta"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Merge Deltas into a stored one, in order */
        patch: operations["patchDelta"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/deltas/{deltaId}/metadata/archived": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Archive a Delta or take that back; the body is true or false */
        put: operations["archiveDelta"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/deltas/{deltaId}/metadata/env_id": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say which Environment a Delta is meant for; the body is a JSON string */
        put: operations["changeEnvOfDelta"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/deltas/{deltaId}/metadata/name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Name a Delta; the body is a JSON string */
        put: operations["changeNameOfDelta"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/deployment-approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the deployments of an Application that wait for people, oldest first */
        get: operations["listApplicationApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/drift/ignored": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what scans for drift ignore in all Environments of an Application */
        get: operations["getApplicationDriftIgnores"];
        /** Say what scans for drift ignore in all Environments of an Application */
        put: operations["setApplicationDriftIgnores"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/env-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the requests for Environments of an Application, newest first */
        get: operations["listEnvironmentRequests"];
        put?: never;
        /** Ask for an Environment with values, first deployment and end, as one durable process */
        post: operations["createEnvironmentRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/env-requests/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a request for an Environment */
        get: operations["getEnvironmentRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/env-requests/{requestId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for the end of a request; what was made is kept or taken down as the request says */
        post: operations["cancelEnvironmentRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/env-requests/{requestId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow a request for an Environment as server-sent events until it ends; with Accept: application/json list the events */
        get: operations["streamEnvironmentRequestEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Environments of an Application */
        get: operations["listEnvironments"];
        put?: never;
        /** Create an Environment; nothing runs in it before its first deployment */
        post: operations["createEnvironment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an Environment */
        get: operations["getEnvironment"];
        put?: never;
        post?: never;
        /** Delete an Environment with everything that was made for it; repeat until 204 or 404 */
        delete: operations["deleteEnvironment"];
        options?: never;
        head?: never;
        /** Rename an Environment */
        patch: operations["updateEnvironment"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the deployments of an Environment, newest first */
        get: operations["listDeployments"];
        put?: never;
        /** Ask for a deployment of a Delta, of a Deployment Set, or of the base as it is; the Pipeline whose criteria match carries it out. With preview only a plan is made */
        post: operations["createDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a deployment */
        get: operations["getDeployment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what policies asked about a deployment, and what people said */
        get: operations["listDeploymentApprovals"];
        put?: never;
        /** Approve or reject a deployment that waits for people */
        post: operations["decideDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for the end of a deployment; what exists is kept and recorded */
        post: operations["cancelDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what drivers that plan, such as Terraform, were about to change in a deployment, oldest first */
        get: operations["listDeploymentChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See which objects a deployment changed */
        get: operations["getDeploymentDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List why a deployment failed */
        get: operations["listDeploymentErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow a deployment as server-sent events until it ends; with Accept: application/json list the events */
        get: operations["streamDeploymentEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what drivers and steps of a deployment wrote; with Accept: text/event-stream follow it until the deployment ends */
        get: operations["listDeploymentLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the resources a deployment provisions, in order */
        get: operations["listDeploymentNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/nodes/{ordinal}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what the driver of one resource wrote */
        get: operations["listNodeLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/resources/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say why the resources of a deployment are there, and why by these definitions */
        get: operations["explainDeploymentResources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what a deployment would do now, and do nothing */
        post: operations["planDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what delivering a deployment again would change in the cluster; nothing is changed */
        get: operations["getLiveDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the newest 50 scans for drift, newest first */
        get: operations["listDriftScans"];
        put?: never;
        /** Scan an Environment for drift now; one that runs is answered instead */
        post: operations["createDriftScan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/drift/scans/{scanId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a scan for drift */
        get: operations["getDriftScan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/drift/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See how an Environment is looked at for drift */
        get: operations["getDriftSettings"];
        /** Say how an Environment is looked at for drift */
        put: operations["setDriftSettings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what is so about an Environment: itself, deployments, operations, plans that wait for approval, how it runs, pause, lifetime, drift; with Accept: text/event-stream follow what changes until it is gone */
        get: operations["streamEnvironmentEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/from_deploy_id": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set which deployment the next one starts from; the body is its id as a JSON string */
        put: operations["rebaseEnvironment"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/lifetime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say what ends an Environment by itself, and when */
        get: operations["getEnvironmentLifetime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set, extend or remove what ends an Environment by itself */
        patch: operations["updateEnvironmentLifetime"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what the containers of an Environment wrote, newest first; with Accept: text/event-stream follow what they write */
        get: operations["listContainerLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the newest 100 operations on what runs in an Environment, newest first */
        get: operations["listOperations"];
        put?: never;
        /** Scale, pause, resume or restart what runs in an Environment */
        post: operations["createOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/operations/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an operation */
        get: operations["getOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/operations/{operationId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel an operation; what it has changed stays */
        post: operations["cancelOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the newest 50 plans of an Environment, newest first */
        get: operations["listPlans"];
        put?: never;
        /** Have drivers plan a deployment; what they plan is kept, and deployed exactly as it is shown */
        post: operations["createPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/plans/{planId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a plan */
        get: operations["getPlan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/plans/{planId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the making of a plan, or discard one that was made */
        post: operations["cancelPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/policies/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what policies would say about a deployment, and deploy nothing */
        post: operations["testPolicies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/pushes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the images that rules let through, newest first, and what became of them */
        get: operations["listPushes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what resources of an Environment wait for a person to answer */
        get: operations["listQuestions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/questions/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer one question of a stopped run: import, retry or accept */
        post: operations["answerQuestion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what runs and waits in an Environment */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/queue/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the queue policy of an Environment */
        get: operations["getQueuePolicy"];
        /** Say what happens to a deployment while another one is unfinished */
        put: operations["setQueuePolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the resources of an Environment */
        get: operations["listActiveResources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/{type}/{resId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete the resources with that type (type.class for one class) and id or GUResID, or only forget them */
        delete: operations["deleteActiveResource"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/{type}/{resId}/actions/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pin a resource to a version of its definition; null unpins it */
        post: operations["pinActiveResource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compute a resource graph without storing it (deprecated: use graphs) */
        post: operations["queryResourceGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/graphs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compute and store the resource graph of the given resources */
        post: operations["createDependencyGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/graphs/{graphId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a stored resource graph */
        get: operations["getDependencyGraph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/graphs/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say which resources a set would have now, and why, without deploying it */
        post: operations["explainResources"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Automation Rules of an Environment */
        get: operations["listAutomationRules"];
        put?: never;
        /** Have an Environment follow pushes of images */
        post: operations["createAutomationRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/rules/{ruleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an Automation Rule */
        get: operations["getAutomationRule"];
        /** Replace an Automation Rule */
        put: operations["updateAutomationRule"];
        post?: never;
        /** Delete an Automation Rule */
        delete: operations["deleteAutomationRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at what runs of an Environment: controllers, pods, containers, and why they do not; reasons come with Accept: application/v2+json */
        get: operations["getRuntime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what the cluster noted about an Environment and how its last deployments went, newest first */
        get: operations["listRuntimeEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime/paused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See whether an Environment is paused */
        get: operations["getPaused"];
        /** Pause (true) or resume (false) an Environment */
        put: operations["updatePaused"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime/replicas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Scale workloads; the body has the number of replicas by workload */
        patch: operations["patchReplicas"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/scheduled-deploys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the scheduled deployments of an Environment, newest first */
        get: operations["listScheduledDeployments"];
        put?: never;
        /** Have something deployed at a time, or again and again */
        post: operations["createScheduledDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/scheduled-deploys/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a scheduled deployment */
        get: operations["getScheduledDeployment"];
        put?: never;
        post?: never;
        /** Take a scheduled deployment back; what it has deployed stays */
        delete: operations["deleteScheduledDeployment"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/value-set-versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of the Shared Values of an Environment, newest first */
        get: operations["listValueSetVersionsInEnvironment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/value-set-versions/{valueSetVersionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a version; the all-zero id is the latest */
        get: operations["getValueSetVersionInEnvironment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/value-set-versions/{valueSetVersionId}/purge/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase a former value for good */
        post: operations["purgeValueInEnvironment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/value-set-versions/{valueSetVersionId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore all Shared Values from a version */
        post: operations["restoreValueSetVersionInEnvironment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/value-set-versions/{valueSetVersionId}/restore/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore one Shared Value from a version */
        post: operations["restoreValueInEnvironment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Shared Values of an Environment */
        get: operations["listValuesInEnvironment"];
        put?: never;
        /** Set a new Shared Value on an Environment */
        post: operations["createValueInEnvironment"];
        /** Delete all Shared Values of an Environment */
        delete: operations["deleteValuesInEnvironment"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/values/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace value and description of a Shared Value of an Environment */
        put: operations["updateValueInEnvironment"];
        post?: never;
        /** Delete a Shared Value of an Environment */
        delete: operations["deleteValueInEnvironment"];
        options?: never;
        head?: never;
        /** Change a Shared Value of an Environment */
        patch: operations["patchValueInEnvironment"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what is so about an Application: itself, its promotion path, what each Environment runs and how, promotions, requests for Environments, runs of pipelines, scheduled deployments; with Accept: text/event-stream follow what changes until it is gone */
        get: operations["streamApplicationEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete all Webhooks of an Application */
        delete: operations["deleteJobs"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipeline-criteria": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the criteria of all Pipelines of an Application */
        get: operations["listPipelineCriteriaInApp"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipeline-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a deployment by the Pipeline whose criteria match */
        post: operations["createPipelineRunByTriggerCriteria"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Pipelines of an Application */
        get: operations["listPipelines"];
        put?: never;
        /** Create a Pipeline from its YAML document */
        post: operations["createPipeline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Pipeline */
        get: operations["getPipeline"];
        put?: never;
        post?: never;
        /** Delete a Pipeline with its versions and criteria */
        delete: operations["deletePipeline"];
        options?: never;
        head?: never;
        /** Replace the document of a Pipeline; it gets a new version */
        patch: operations["updatePipeline"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/batches/{batchType}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what is collected for the next run that an artefact starts */
        get: operations["GetBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/criteria": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a Pipeline handle deployment requests */
        post: operations["createPipelineCriteria"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/criteria/{criteriaId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get criteria of a Pipeline */
        get: operations["getPipelineCriteria"];
        put?: never;
        post?: never;
        /** Delete criteria of a Pipeline */
        delete: operations["deletePipelineCriteria"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the runs of a Pipeline, newest first */
        get: operations["listPipelineRuns"];
        put?: never;
        /** Start a run of a Pipeline */
        post: operations["createPipelineRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a run */
        get: operations["getPipelineRun"];
        put?: never;
        post?: never;
        /** Forget a run that has ended */
        delete: operations["deletePipelineRun"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for the end of a run and of what its steps wait for */
        post: operations["cancelPipelineRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what is so about a run: itself, jobs with steps, approval requests; with Accept: text/event-stream follow what changes, and what steps write, until it ends */
        get: operations["streamPipelineRunEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the jobs of a run */
        get: operations["listPipelineJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a job with its steps */
        get: operations["getPipelineJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an approval request */
        get: operations["getPipelineApprovalRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve a request: the run goes on */
        post: operations["approvePipelineApprovalRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deny a request: its step fails */
        post: operations["denyPipelineApprovalRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/steps/{stepIndex}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the log of a step, oldest line first */
        get: operations["listPipelineStepLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a run with the trigger and inputs of one that has ended */
        post: operations["restartPipelineRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the document of a Pipeline as it was given; with Accept: application/json as JSON */
        get: operations["getPipelineDefinition"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a Pipeline, newest first */
        get: operations["listPipelineVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/preview-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the preview rules of an Application */
        get: operations["listPreviewRules"];
        put?: never;
        /** Have branches get Environments when an image is pushed for them */
        post: operations["createPreviewRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/preview-rules/{ruleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a preview rule; Environments that it made stay until their end */
        delete: operations["deletePreviewRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/preview-rules/{ruleId}/previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete the Environment that a preview rule made for a branch */
        delete: operations["removePreview"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/promotion-path": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the order in which an Application is promoted */
        get: operations["getPromotionPath"];
        /** Set the order in which an Application is promoted */
        put: operations["setPromotionPath"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/promotions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the promotions of an Application, newest first */
        get: operations["listPromotions"];
        put?: never;
        /** Promote what one Environment runs to another one, as one durable process; with dry_run only answer what would change */
        post: operations["createPromotion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/promotions/{promotionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a promotion */
        get: operations["getPromotion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/promotions/{promotionId}/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve or reject the deployment of a promotion that waits for people */
        post: operations["decidePromotion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/promotions/{promotionId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for the end of a promotion; it is rolled back when it says so for a failure */
        post: operations["cancelPromotion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List where GitHub and GitLab tell of pull requests */
        get: operations["listReceivers"];
        put?: never;
        /** Have the Environments of a preview rule come and go with pull requests; the secret is answered once */
        post: operations["createReceiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/receivers/{receiverId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a receiver; Environments stay until their end */
        delete: operations["deleteReceiver"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/receivers/{receiverId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the newest 100 deliveries that were received, newest first */
        get: operations["listReceiverDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/runtime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at the state of several Environments */
        get: operations["listRuntime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Deployment Sets */
        get: operations["listSets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/sets/{setId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Deployment Set, or the Delta that turns another one into it */
        get: operations["getSet"];
        put?: never;
        /** Apply a Delta to a Deployment Set; the answer is the id of the result as a JSON string */
        post: operations["updateSet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/sets/{setId}/diff/{sourceSetId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the Delta that turns the source set into this one */
        get: operations["getDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/sets/{setId}/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the resources a Deployment Set asks for */
        get: operations["getSetResourceInputs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what runs where: Environments with the versions of their workloads */
        get: operations["getApplicationStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who has a role on an Application */
        get: operations["listUserRolesInApp"];
        put?: never;
        /** Give a user or group a role on an Application */
        post: operations["createUserRoleInApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the role of a user or group on an Application */
        get: operations["getUserRoleInApp"];
        put?: never;
        post?: never;
        /** Take the role of a user or group on an Application away */
        delete: operations["deleteUserRoleInApp"];
        options?: never;
        head?: never;
        /** Change the role of a user or group on an Application */
        patch: operations["updateUserRoleInApp"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/value-set-versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of the Shared Values of an Application, newest first */
        get: operations["listValueSetVersionsInApp"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/value-set-versions/{valueSetVersionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a version; the all-zero id is the latest */
        get: operations["getValueSetVersionInApp"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/value-set-versions/{valueSetVersionId}/purge/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase a former value for good */
        post: operations["purgeValueInApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/value-set-versions/{valueSetVersionId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore all Shared Values from a version */
        post: operations["restoreValueSetVersionInApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/value-set-versions/{valueSetVersionId}/restore/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore one Shared Value from a version */
        post: operations["restoreValueInApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Shared Values of an Application */
        get: operations["listValuesInApp"];
        put?: never;
        /** Set a new Shared Value on an Application */
        post: operations["createValueInApp"];
        /** Delete all Shared Values of an Application */
        delete: operations["deleteValuesInApp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/values/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace value and description of a Shared Value of an Application */
        put: operations["updateValueInApp"];
        post?: never;
        /** Delete a Shared Value of an Application */
        delete: operations["deleteValueInApp"];
        options?: never;
        head?: never;
        /** Change a Shared Value of an Application */
        patch: operations["patchValueInApp"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Webhooks of an Application */
        get: operations["listWebhooks"];
        put?: never;
        /** Have an HTTP request sent when something happens in an Application */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Webhook */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** Delete a Webhook, with what is on its way */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /** Change a Webhook; what is absent stays */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what was sent to a Webhook, or is to be, newest first */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a delivery */
        get: operations["getWebhookDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}/deliveries/{deliveryId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery that ended once more, with the Webhook as it is now */
        post: operations["resendWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefact-versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of all Artefacts, newest first */
        get: operations["listArtefactVersionsInOrg"];
        put?: never;
        /** Register an image, or a Score file, as JSON or multipart/form-data; Environments that follow it are updated */
        post: operations["createArtefactVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefact-versions/{artefactVersionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an Artefact Version */
        get: operations["getArtefactVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefact-versions/{artefactVersionId}/workload-deployment-set": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what a workload adds to a Deployment Set; with Accept: application/x-yaml as YAML */
        get: operations["getWorkloadArtefactVersionDeploymentSet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefact-versions/{artefactVersionId}/workload-spec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the Score file of a workload; with Accept: application/x-yaml as YAML */
        get: operations["getWorkloadArtefactVersionSpec"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefact-versions/convert-score": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Convert a Score file into a module and shared resources; nothing is stored */
        post: operations["convertScoreToSet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Artefacts */
        get: operations["listArtefacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefacts/{artefactId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an Artefact with all its versions */
        delete: operations["deleteArtefact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefacts/{artefactId}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of an Artefact, newest first */
        get: operations["listArtefactVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/artefacts/{artefactId}/versions/{versionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Archive a version, or take that back */
        patch: operations["patchArtefactVersion"];
        trace?: never;
    };
    "/orgs/{orgId}/attention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what needs attention in an Organization: what waits for people, what is not as it should be, and what goes on */
        get: operations["getAttention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/attention/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what is so in an Organization for the one who asks: what needs attention, and digests of its Applications and of the newest runs of pipelines; with Accept: text/event-stream follow what changes */
        get: operations["streamAttentionEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/audit-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the audit log, newest first; a page covers 32 days at most */
        get: operations["listAuditLogEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/audit-logs/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the audit log, newest first */
        get: operations["exportAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/deployment-approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the deployments that wait for people, oldest first */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/drift/ignored": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what scans for drift ignore in all Environments of an organization */
        get: operations["getOrganizationDriftIgnores"];
        /** Say what scans for drift ignore in all Environments of an organization */
        put: operations["setOrganizationDriftIgnores"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/env-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Environment Types */
        get: operations["listEnvironmentTypes"];
        put?: never;
        /** Create an Environment Type */
        post: operations["createEnvironmentType"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/env-types/{envTypeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an Environment Type */
        get: operations["getEnvironmentType"];
        put?: never;
        post?: never;
        /** Delete an Environment Type that no Environment has */
        delete: operations["deleteEnvironmentType"];
        options?: never;
        head?: never;
        /** Change the description of an Environment Type */
        patch: operations["updateEnvironmentType"];
        trace?: never;
    };
    "/orgs/{orgId}/env-types/{envTypeId}/freeze-windows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the freeze windows of an Environment Type */
        get: operations["listFreezeWindowsOfType"];
        put?: never;
        /** Have Environments of a type accept no deployments at recurring times */
        post: operations["createFreezeWindow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/env-types/{envTypeId}/freeze-windows/{windowId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a freeze window */
        delete: operations["deleteFreezeWindow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/env-types/{envTypeId}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who has a role on an Environment Type */
        get: operations["listUserRolesInEnvType"];
        put?: never;
        /** Give a user or group a role on an Environment Type */
        post: operations["createUserRoleInEnvType"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/env-types/{envTypeId}/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the role of a user or group on an Environment Type */
        get: operations["getUserRoleInEnvType"];
        put?: never;
        post?: never;
        /** Take the role of a user or group on an Environment Type away */
        delete: operations["deleteUserRoleInEnvType"];
        options?: never;
        head?: never;
        /** Change the role of a user or group on an Environment Type */
        patch: operations["updateUserRoleInEnvType"];
        trace?: never;
    };
    "/orgs/{orgId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the events that Webhooks can be triggered by */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/freeze-windows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the freeze windows of all Environment Types */
        get: operations["listFreezeWindows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a group of an identity provider a role */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/groups/{groupId}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the members of a group */
        get: operations["listGroupUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/groups/{groupId}/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a user into a group */
        put: operations["addGroupUser"];
        post?: never;
        /** Take a user out of a group */
        delete: operations["removeGroupUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/humanitec-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the public keys of the platform: none, Slipway signs nothing for agents and operators */
        get: operations["listHumanitecPublicKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List images with their builds (deprecated: use artefacts) */
        get: operations["listDeprecatedImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/images/{imageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an image with its builds (deprecated: use artefacts) */
        get: operations["getDeprecatedImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/images/{imageId}/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the builds of an image (deprecated: use artefact versions) */
        get: operations["listDeprecatedImageBuilds"];
        put?: never;
        /** Register a build of an image (deprecated: use artefact versions) */
        post: operations["createDeprecatedImageBuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the invitations that were not accepted yet */
        get: operations["listInvitesInOrg"];
        put?: never;
        /** Invite a person; the answer holds what accepts the invitation */
        post: operations["createInviteInOrg"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the public keys of an Organization, newest first */
        get: operations["listPublicKeys"];
        put?: never;
        /** Add a public key to an Organization; the body is a JSON string */
        post: operations["createPublicKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a public key of an Organization */
        get: operations["getPublicKey"];
        put?: never;
        post?: never;
        /** Delete a public key of an Organization */
        delete: operations["deletePublicKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/orphans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compare the clusters of an Organization with what Slipway has delivered */
        get: operations["listOrphans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/orphans/actions/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete orphans from their clusters, and forget those that are missing */
        post: operations["deleteOrphans"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who ids stand for, also of those who are in the Organization through a group or have left it; unknown ids are left out */
        get: operations["listPeopleNames"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/pipeline-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the runs of an organization's Pipelines, newest first */
        get: operations["listPipelineRunsByOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/pipeline-schemas/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the JSON schema of Pipelines */
        get: operations["getLatestPipelineDefinitionSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/pipelines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Pipelines of all Applications */
        get: operations["listPipelinesInOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the policies of an organization */
        get: operations["listPolicies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/policies/{policyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a policy */
        get: operations["getPolicy"];
        /** Make a policy, or replace what it says */
        put: operations["putPolicy"];
        post?: never;
        /** Delete a policy; what waits because of it goes on waiting */
        delete: operations["deletePolicy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/policies/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check policies, and say what they say about an example or a stored plan */
        post: operations["checkPolicies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List where GitHub and GitLab tell of pull requests, in all Applications that the caller may read */
        get: operations["listReceiversInOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/registries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List registries */
        get: operations["listRegistries"];
        put?: never;
        /** Create a registry */
        post: operations["createRegistry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/registries/{regId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a registry, without credentials */
        get: operations["getRegistry"];
        put?: never;
        post?: never;
        /** Delete a registry with its credentials */
        delete: operations["deleteRegistry"];
        options?: never;
        head?: never;
        /** Change a registry */
        patch: operations["updateRegistry"];
        trace?: never;
    };
    "/orgs/{orgId}/registries/{regId}/creds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the credentials of a registry, for CI */
        get: operations["getRegistryCreds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/account-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the types of Resource Accounts */
        get: operations["listResourceAccountTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Resource Accounts */
        get: operations["listResourceAccounts"];
        put?: never;
        /** Create a Resource Account */
        post: operations["createResourceAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/accounts/{accId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Resource Account */
        get: operations["getResourceAccount"];
        put?: never;
        post?: never;
        /** Delete a Resource Account that nothing uses */
        delete: operations["deleteResourceAccount"];
        options?: never;
        head?: never;
        /** Change a Resource Account */
        patch: operations["patchResourceAccount"];
        trace?: never;
    };
    "/orgs/{orgId}/resources/accounts/{accId}/actions/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check whether the credentials of a Resource Account are complete */
        post: operations["checkResourceAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/classes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Resource Classes */
        get: operations["listResourceClasses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Resource Definitions; with filters those that could match, by type and best first */
        get: operations["listResourceDefinitions"];
        put?: never;
        /** Create a Resource Definition */
        post: operations["createResourceDefinition"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/{defId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Resource Definition */
        get: operations["getResourceDefinition"];
        /** Replace a Resource Definition but for its criteria */
        put: operations["updateResourceDefinition"];
        post?: never;
        /** Delete a Resource Definition; 409 lists the active resources that use it */
        delete: operations["deleteResourceDefinition"];
        options?: never;
        head?: never;
        /** Change a Resource Definition; keys of maps are replaced, null deletes a key */
        patch: operations["patchResourceDefinition"];
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/{defId}/criteria": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace all Matching Criteria of a Resource Definition */
        put: operations["updateResourceDefinitionCriteria"];
        /** Add a Matching Criterion to a Resource Definition */
        post: operations["createResourceDefinitionCriteria"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/{defId}/criteria/{criteriaId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a Matching Criterion; 409 lists the active resources that would get another definition */
        delete: operations["deleteResourceDefinitionCriteria"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/{defId}/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the resources that a definition made, in all Environments */
        get: operations["listActiveResourceByDefinition"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/{defId}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a Resource Definition, newest first */
        get: operations["listResourceDefinitionVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/{defId}/versions/{defVersionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a version of a Resource Definition */
        get: operations["getResourceDefinitionVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/{defId}/versions/{defVersionId}/actions/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a Resource Definition, or take that back */
        post: operations["archiveResourceDefinitionVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/{defId}/versions/{defVersionId}/actions/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a version of a Resource Definition into use */
        post: operations["promoteResourceDefinitionVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/impact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what a change of a Resource Definition would do to each Environment, and change nothing */
        post: operations["previewResourceDefinitionImpact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/defs/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what a Resource Definition, or a draft of one, makes of given inputs, and make nothing */
        post: operations["testResourceDefinition"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/drivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the drivers of the Organization and the built-in ones */
        get: operations["listResourceDrivers"];
        put?: never;
        /** Register a Resource Driver */
        post: operations["createResourceDriver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/drivers/{driverId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Resource Driver */
        get: operations["getResourceDriver"];
        /** Replace a Resource Driver */
        put: operations["updateResourceDriver"];
        post?: never;
        /** Delete a Resource Driver that nothing uses */
        delete: operations["deleteResourceDriver"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Resource Types, built-in ones included */
        get: operations["listResourceTypes"];
        put?: never;
        /** Create a Resource Type of the Organization */
        post: operations["createResourceType"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/types/{typeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Resource Type */
        get: operations["getResourceType"];
        /** Replace a Resource Type */
        put: operations["updateResourceType"];
        post?: never;
        /** Delete a Resource Type of which no resources exist */
        delete: operations["deleteResourceType"];
        options?: never;
        head?: never;
        /** Change a Resource Type */
        patch: operations["patchResourceType"];
        trace?: never;
    };
    "/orgs/{orgId}/resources/types/{typeId}/classes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Document a class of a Resource Type */
        post: operations["createResourceClass"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/resources/types/{typeId}/classes/{classId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Resource Class */
        get: operations["getResourceClass"];
        put?: never;
        post?: never;
        /** Delete a Resource Class */
        delete: operations["deleteResourceClass"];
        options?: never;
        head?: never;
        /** Change the description of a Resource Class */
        patch: operations["updateResourceClass"];
        trace?: never;
    };
    "/orgs/{orgId}/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what of the records is kept for how long */
        get: operations["getRetentionSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change what of the records is kept for how long */
        patch: operations["updateRetentionSettings"];
        trace?: never;
    };
    "/orgs/{orgId}/retention/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the newest 50 rounds in which old records were deleted, newest first */
        get: operations["listRetentionRuns"];
        put?: never;
        /** Delete old records now, or count them; a round that runs is answered instead */
        post: operations["createRetentionRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/retention/runs/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a round in which old records are deleted */
        get: operations["getRetentionRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/runtime/actions/check-connectivity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check which cluster a context has, and whether it answers */
        post: operations["checkClusterConnectivity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what happens by the clock in an Organization */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/schedules/{scheduleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a schedule with its next times */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/schedules/{scheduleId}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the newest runs of a schedule, newest first */
        get: operations["listScheduleRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/schedules/{scheduleId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause a schedule */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/schedules/{scheduleId}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a schedule happen now, also when it is paused */
        post: operations["triggerSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/schedules/{scheduleId}/unpause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resume a schedule */
        post: operations["unpauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/secretstores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Secret Stores */
        get: operations["listSecretStores"];
        put?: never;
        /** Make a Secret Store known */
        post: operations["createSecretStore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/secretstores/{storeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Secret Store */
        get: operations["getSecretStore"];
        put?: never;
        post?: never;
        /** Forget a Secret Store that nothing refers to */
        delete: operations["deleteSecretStore"];
        options?: never;
        head?: never;
        /** Change a Secret Store */
        patch: operations["updateSecretStore"];
        trace?: never;
    };
    "/orgs/{orgId}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the users and groups of an Organization with their roles */
        get: operations["listUserRolesInOrg"];
        put?: never;
        /** Create a service user */
        post: operations["createServiceUserInOrg"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the role of a user or group in an Organization */
        get: operations["getUserRoleInOrg"];
        put?: never;
        post?: never;
        /** Take a user or group out of an Organization */
        delete: operations["deleteUserRoleInOrg"];
        options?: never;
        head?: never;
        /** Change the role of a user or group in an Organization */
        patch: operations["updateUserRoleInOrg"];
        trace?: never;
    };
    "/orgs/{orgId}/users/{userId}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the groups that a user is in */
        get: operations["listUserGroupsInOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/users/{userId}/perms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what a user or group may do */
        get: operations["getSubjectPermsInOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-profile-chart-versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of charts, newest first */
        get: operations["listWorkloadProfileChartVersions"];
        put?: never;
        /** Upload a version of a Helm chart for Workload Profiles */
        post: operations["createWorkloadProfileChartVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-profile-features": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what the specs of workloads are made of */
        get: operations["listWorkloadProfileFeatures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Workload Profiles */
        get: operations["listWorkloadProfiles"];
        put?: never;
        /** Create a Workload Profile */
        post: operations["createWorkloadProfile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-profiles/{profileQid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Workload Profile */
        get: operations["getWorkloadProfile"];
        /** Add a version to a Workload Profile */
        put: operations["updateWorkloadProfile"];
        post?: never;
        /** Delete a Workload Profile with all its versions */
        delete: operations["deleteWorkloadProfile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-profiles/{profileQid}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a Workload Profile */
        get: operations["listWorkloadProfileVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-profiles/{profileQid}/versions/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the latest version of a Workload Profile */
        get: operations["getLatestWorkloadProfileVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Workload Templates */
        get: operations["listWorkloadTemplates"];
        put?: never;
        /** Create a Workload Template */
        post: operations["createWorkloadTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-templates/{templateId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a Workload Template */
        get: operations["getWorkloadTemplate"];
        /** Replace a Workload Template */
        put: operations["updateWorkloadTemplate"];
        post?: never;
        /** Delete a Workload Template */
        delete: operations["deleteWorkloadTemplate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orgs/{orgId}/workload-templates/{templateId}/actions/instantiate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a Score file from a Workload Template */
        post: operations["instantiateWorkloadTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receivers/github/{receiverId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell of pull requests and branches; authentic by X-Hub-Signature-256 */
        post: operations["receiveFromGitHub"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receivers/gitlab/{receiverId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell of pull requests and branches; authentic by X-Gitlab-Token */
        post: operations["receiveFromGitLab"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tokens of a user */
        get: operations["listUserTokens"];
        put?: never;
        /** Create a static token; it is shown this once */
        post: operations["createUserToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describe a token */
        get: operations["getUserToken"];
        put?: never;
        post?: never;
        /** End a token */
        delete: operations["deleteUserToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptedInvitation: {
            /** @description A token of yours; shown this once */
            token: string;
            user: components["schemas"]["UserProfile"];
        };
        AcceptInvitationRequest: {
            /** @description Display name; the e-mail address when absent */
            name?: string;
            /** @description The invite_token of the invitation */
            token: string;
        };
        AccountCreds: {
            /**
             * Format: date-time
             * @description When they end
             */
            expires?: string;
            /** @description Password or token */
            password: string;
            /** @description User */
            username: string;
        };
        ActiveResource: {
            /** @description Application */
            app_id: string;
            /** @description Resource Class */
            class: string;
            /** @description Matching Criteria that selected the definition */
            criteria_id?: string;
            /** @description Resource Definition */
            def_id: string;
            /** @description Version of the definition it was provisioned with */
            def_version_id: string;
            /** @description Deployment that last provisioned it */
            deploy_id: string;
            /** @description Resource Account */
            driver_account?: string;
            /** @description Driver */
            driver_type: string;
            /** @description Environment */
            env_id: string;
            /** @description Environment Type */
            env_type: string;
            /** @description Globally unique resource id */
            gu_res_id: string;
            /** @description Organization */
            org_id: string;
            /** @description Resource id */
            res_id: string;
            /** @description Output values */
            resource: {
                [key: string]: unknown;
            };
            /** @description Another resource has taken its place; it goes once a deployment has succeeded without it */
            retired?: boolean;
            /** @description It is to be deleted */
            scheduled_deletion: boolean;
            /** @description Where output secrets are kept */
            secret_refs: {
                [key: string]: unknown;
            };
            /**
             * @description Status
             * @enum {string}
             */
            status: "pending" | "active" | "deleting";
            /** @description What its deletion is stuck on, or waits for */
            status_message?: string;
            /** @description Version it is pinned to */
            target_def_version_id?: string;
            /** @description Resource Type */
            type: string;
            /**
             * Format: date-time
             * @description When it last changed
             */
            updated_at: string;
        };
        Agent: {
            /**
             * Format: date-time
             * @description When it was registered
             */
            created_at: string;
            /** @description Id of the user who registered it */
            created_by: string;
            /** @description What it is for */
            description: string;
            /** @description Id of the agent */
            id: string;
        };
        AgentKey: {
            /**
             * Format: date-time
             * @description When it was registered
             */
            created_at: string;
            /** @description Id of the user who registered it */
            created_by: string;
            /**
             * Format: date-time
             * @description When it should be replaced: two years later
             */
            expired_at: string;
            /** @description SHA-256 of the key in DER, hexadecimal */
            fingerprint: string;
            /** @description Whether it may be used */
            is_authorized: boolean;
            /** @description The key, as it came */
            public_key: string;
        };
        Answer: {
            /** @description Address of the question */
            address: string;
            /**
             * @description import: it exists under id. retry: it does not exist. accept: the state is right as it is
             * @enum {string}
             */
            answer: "import" | "retry" | "accept";
            /** @description For import: the id under which the provider knows it */
            id?: string;
        };
        Answered: {
            /** @description It was the last question of the run: deploy again */
            last: boolean;
        };
        Application: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Its environments */
            envs: components["schemas"]["EnvironmentBase"][];
            /** @description Id of the Application */
            id: string;
            /** @description Display name */
            name: string;
            /** @description Organization it belongs to */
            org_id: string;
            /**
             * @description Life-cycle status
             * @enum {string}
             */
            status: "active" | "deleting";
            /**
             * Format: date-time
             * @description When the status last changed
             */
            status_changed_at: string;
            /** @description What a deletion is stuck on */
            status_message?: string;
        };
        ApplicationStatus: {
            /** @description Environments, along the promotion path first */
            environments: components["schemas"]["EnvironmentStatus"][];
            /** @description The promotion path; empty when none is set */
            path: components["schemas"]["PromotionStation"][];
        };
        ApprovalDecision: {
            /**
             * Format: date-time
             * @description When
             */
            at: string;
            /** @description Who */
            by: string;
            /** @description Why */
            comment?: string;
            /**
             * @description What was said
             * @enum {string}
             */
            decision: "approve" | "reject";
            /** @description Id */
            id: string;
            /** @description The roles that the person had */
            roles: string[];
            /** @description Why it does not count; absent when it does */
            void?: string;
        };
        ArchiveVersionRequest: {
            /** @description true when absent */
            archived?: boolean;
        };
        Artefact: {
            /**
             * Format: date-time
             * @description When its first version was registered
             */
            created_at: string;
            /** @description Id of the user who registered that */
            created_by: string;
            /** @description UUID */
            id: string;
            /** @description Name; of a container the image without tag and digest */
            name: string;
            /**
             * @description Kind of Artefact
             * @enum {string}
             */
            type: "container" | "workload";
            /**
             * Format: date-time
             * @description When a version was registered last
             */
            updated_at: string;
            /** @description Id of the user who registered that */
            updated_by: string;
        };
        ArtefactVersion: {
            /** @description Whether it is hidden from lists */
            archived: boolean;
            /** @description UUID of the Artefact */
            artefact_id: string;
            /** @description Commit it was built from; may be empty */
            commit: string;
            /**
             * Format: date-time
             * @description When it was registered
             */
            created_at: string;
            /** @description Id of the user who registered it */
            created_by: string;
            /** @description Digest of the image, may be empty; containers only */
            digest?: string;
            /** @description UUID */
            id: string;
            /** @description Name of the Artefact */
            name: string;
            /** @description What it was built from, such as refs/heads/main; may be empty */
            ref: string;
            /**
             * @description Kind of Artefact
             * @enum {string}
             */
            type: "container" | "workload";
            /**
             * Format: date-time
             * @description When it was registered again, archived or taken back
             */
            updated_at: string;
            /** @description Id of the user who did that */
            updated_by: string;
            /** @description Version; of a container the tag of the image */
            version?: string;
        };
        Attention: {
            /** @description What is not as it should be, the worst first */
            concerns: components["schemas"]["AttentionItem"][];
            /** @description Kinds of which there are more than are listed; deletion stands for teardown too */
            more: string[];
            /** @description What goes on now, the oldest first; what waits for people is not in it */
            underway: components["schemas"]["AttentionItem"][];
            /** @description What could not be found out, in words; empty as a rule */
            unknown: string[];
            /** @description What waits for people: what you can decide first, then the oldest */
            waiting: components["schemas"]["AttentionItem"][];
        };
        AttentionItem: {
            /** @description Application; absent for what concerns the Organization */
            app_id?: string;
            /** @description Its name */
            app_name?: string;
            approval?: components["schemas"]["DeploymentApproval"];
            /**
             * Format: date-time
             * @description Since when; of expiring when the Environment ends, of frozen when the window closes; absent when it is not known
             */
            at?: string;
            /** @description Id of the user who asked for it */
            by?: string;
            /** @description Deployment; of drifted the one that was compared with */
            deployment_id?: string;
            /** @description Environment */
            env_id?: string;
            /** @description Its name; absent when it is gone */
            env_name?: string;
            /** @description Its type; of frozen the type that is */
            env_type?: string;
            /**
             * @description What it is about
             * @enum {string}
             */
            kind: "approval" | "pipeline-approval" | "stopped" | "failed" | "teardown" | "pipeline-failed" | "schedule-failed" | "scheduled-failed" | "drifted" | "scan-failed" | "expiring" | "paused" | "frozen" | "deployment" | "promotion" | "spin-up" | "pipeline-run" | "deletion";
            /** @description What it is, or why */
            message: string;
            /** @description A decision by you counts */
            mine: boolean;
            pipeline_approval?: components["schemas"]["PipelineApprovalRequest"];
            /** @description Pipeline */
            pipeline_id?: string;
            /** @description Promotion */
            promotion_id?: string;
            /** @description Request for the Environment */
            request_id?: string;
            /** @description Run of the pipeline, or of Terraform */
            run_id?: string;
            /** @description Of failed: an earlier deployment succeeded, and what it brought is not taken away */
            runs: boolean;
            /** @description Schedule */
            schedule_id?: string;
            /** @description Where it stands, or how it ended */
            status: string;
            /**
             * Format: date-time
             * @description When waiting ends by itself
             */
            until?: string;
        };
        AuditEntry: {
            /** @description What was done: create, update, delete, deploy, ... */
            action: string;
            /** @description State after, without secrets */
            after?: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @description State before, without secrets */
            before?: {
                [key: string]: unknown;
            };
            /** @description Number of the entry; later ones are larger */
            id: string;
            /** @description Path of what was changed */
            object: string;
            /** @description Kind of what was changed */
            object_type: string;
            /** @description Organization */
            org_id: string;
            /** @description X-Request-ID of the request, as in the server's log */
            request_id?: string;
            /** @description HTTP method of the request */
            request_method: string;
            /** @description Path of the request */
            request_path: string;
            /**
             * Format: int64
             * @description Status of the answer
             */
            response_status: number;
            /** @description Where the request came from */
            source_ip?: string;
            /** @description Client of the request */
            user_agent?: string;
            /** @description Who did it */
            user_id: string;
        };
        AutomationRule: {
            /** @description Whether it is followed */
            active: boolean;
            /** @description Names of Artefacts; empty = all */
            artefacts_filter: string[];
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Whether artefacts_filter lists what is not followed */
            exclude_artefacts_filter: boolean;
            /** @description Older form: whether images_filter lists what is not followed */
            exclude_images_filter: boolean;
            /** @description 16 hexadecimal digits */
            id: string;
            /** @description Older form: ids of images */
            images_filter: string[];
            /** @description Older form: regular expression on the name of the branch or tag */
            match: string;
            /** @description Regular expression on the ref; empty = every ref */
            match_ref: string;
            /**
             * @description Kind of rule
             * @enum {string}
             */
            type: "update";
            /**
             * @description Older form: what match looks at
             * @enum {string}
             */
            update_to: "branch" | "tag";
            /**
             * Format: date-time
             * @description When it last changed
             */
            updated_at: string;
        };
        AutomationRuleRequest: {
            /** @description Whether it is followed; default true */
            active?: boolean;
            /** @description Names of Artefacts; empty = all */
            artefacts_filter?: string[];
            /** @description Whether artefacts_filter lists what is not followed */
            exclude_artefacts_filter?: boolean;
            /** @description Older form: whether images_filter lists what is not followed */
            exclude_images_filter?: boolean;
            /** @description Older form: ids of images */
            images_filter?: string[];
            /** @description Older form: regular expression on the name of the branch or tag */
            match?: string;
            /** @description Regular expression on the ref; empty = every ref */
            match_ref?: string;
            /**
             * @description Kind of rule
             * @enum {string}
             */
            type: "update";
            /**
             * @description Older form: what match looks at
             * @enum {string}
             */
            update_to?: "branch" | "tag";
        };
        AWSAuth: {
            /** @description Access key id */
            access_key_id?: string;
            /** @description Secret access key */
            secret_access_key?: string;
        };
        AWSSMRequest: {
            auth?: components["schemas"]["AWSAuth"];
            /** @description Address in place of that of the region */
            endpoint?: string;
            /** @description Region */
            region?: string;
        };
        AWSSMSettings: {
            /** @description Address in place of that of the region */
            endpoint?: string;
            /** @description Region */
            region?: string;
        };
        AzureAuth: {
            /** @description Client id */
            client_id?: string;
            /** @description Client secret */
            client_secret?: string;
        };
        AzureKVRequest: {
            auth?: components["schemas"]["AzureAuth"];
            /** @description Tenant */
            tenant_id?: string;
            /** @description Address of the vault */
            url?: string;
        };
        AzureKVSettings: {
            /** @description Tenant */
            tenant_id?: string;
            /** @description Address of the vault */
            url?: string;
        };
        ChartReference: {
            /** @description Id of the chart */
            id: string;
            /** @description Version of the chart; latest is possible */
            version: string;
        };
        CheckPoliciesRequest: {
            input?: components["schemas"]["PolicyInput"];
            plan?: components["schemas"]["PlanOfPolicies"];
            /** @description Policies to check instead of those of the organization; they are not stored */
            policies?: components["schemas"]["DraftPolicy"][];
        };
        ClusterCheck: {
            /** @description What was checked */
            conditions: components["schemas"]["ClusterCheckCondition"][];
            /** @description Resources that the connection needs */
            resource_summaries: components["schemas"]["ClusterCheckResource"][];
            /** @description All conditions are True */
            success: boolean;
        };
        ClusterCheckCondition: {
            /** @description Why */
            message: string;
            /** @description True, False or Unknown */
            status: string;
            /** @description GraphCanProvision, DefinitionsMatch, ClusterKnown or ClusterAnswers */
            type: string;
        };
        ClusterCheckExpected: {
            /** @description Resource Definition */
            id: string;
            /** @description Resource Type */
            type: string;
        };
        ClusterCheckRequest: {
            /** @description Application; it need not exist */
            app_id: string;
            /** @description Environment; it need not exist */
            env_id: string;
            /** @description Environment Type */
            env_type: string;
            /** @description Definitions that are to match */
            expected_definitions?: components["schemas"]["ClusterCheckExpected"][];
        };
        ClusterCheckResource: {
            /** @description Class */
            class: string;
            /** @description Resource Definition */
            def_id: string;
            /** @description Version of the definition */
            def_version_id: string;
            /** @description GUResIDs of the resources that it needs */
            depends_on: string[];
            /** @description Driver */
            driver_type: string;
            /** @description GUResID; empty when it does not exist yet */
            gu_res_id: string;
            /** @description Id in the graph */
            res_id: string;
            /** @description Resource Type */
            type: string;
        };
        ClusterSecret: {
            /** @description Namespace it is in */
            namespace: string;
            /** @description Its name */
            secret: string;
        };
        ContainerLogEntry: {
            /** @description Container */
            container_id: string;
            /** @description Level that the line itself names; info when it names none */
            level: string;
            /** @description The line, without secrets */
            payload: string;
            /** @description Pod */
            pod_id?: string;
            /** @description When it was written, RFC 3339 with nanoseconds */
            timestamp: string;
            /** @description Workload */
            workload_id: string;
        };
        ContainerStatus: {
            /** @description Container */
            id: string;
            /** @description Image that it runs */
            image: string;
        };
        ConvertedScore: {
            /** @description The module by its id */
            modules: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** @description Shared resources by id */
            shared: {
                [key: string]: unknown;
            };
        };
        ConvertScoreRequest: {
            /** @description What Score cannot say: apiVersion, profile, spec, deploy */
            extensions?: {
                [key: string]: unknown;
            };
            /** @description Image of containers that have none, or "." */
            image?: string;
            /** @description Score content that is merged over the file */
            overrides?: {
                [key: string]: unknown;
            };
            /** @description Values by path; null deletes */
            property_overrides?: {
                [key: string]: unknown;
            };
            /** @description Resource Types to replace by others */
            resource_type_aliases?: {
                [key: string]: string;
            };
            /** @description The Score file as JSON */
            spec: {
                [key: string]: unknown;
            };
        };
        CreateAgentKeyRequest: {
            /** @description RSA public key of at least 4096 bits, PEM */
            public_key: string;
        };
        CreateAgentRequest: {
            /** @description What it is for */
            description?: string;
            /** @description Id of the agent */
            id: string;
            /** @description RSA public key of at least 4096 bits, PEM */
            public_key: string;
        };
        CreateApplicationRequest: {
            env?: components["schemas"]["EnvironmentBase"];
            /** @description Id: 2 to 50 lower-case letters, digits and single dashes */
            id: string;
            /** @description Display name */
            name: string;
            /** @description Create no environment at all */
            skip_environment_creation?: boolean;
        };
        CreateArtefactVersionRequest: {
            /** @description Commit it was built from */
            commit?: string;
            /** @description Digest of the image, such as sha256:8414...; containers only */
            digest?: string;
            /** @description What Score cannot say: apiVersion, profile, spec, deploy */
            extensions?: {
                [key: string]: unknown;
            };
            /** @description Image of containers that have none, or "." */
            image?: string;
            /** @description Name of the Artefact; of a container the image without tag and digest */
            name: string;
            /** @description Score content that is merged over the file */
            overrides?: {
                [key: string]: unknown;
            };
            /** @description Values by path; null deletes */
            property_overrides?: {
                [key: string]: unknown;
            };
            /** @description What it was built from, such as refs/heads/main */
            ref?: string;
            /** @description Resource Types to replace by others */
            resource_type_aliases?: {
                [key: string]: string;
            };
            /** @description The Score file; workloads only */
            spec?: {
                [key: string]: unknown;
            };
            /**
             * @description Kind of Artefact
             * @enum {string}
             */
            type: "container" | "workload";
            /** @description Version; of a container the tag of the image */
            version?: string;
        };
        CreateDefinitionRequest: {
            /** @description Matching Criteria */
            criteria?: components["schemas"]["MatchingCriteriaRequest"][];
            /** @description Resource Account the driver uses */
            driver_account?: string;
            driver_inputs?: components["schemas"]["DriverInputs"];
            /** @description Driver: <org>/<driver> */
            driver_type: string;
            /** @description Id of the definition */
            id: string;
            /** @description Hand existing resources to a new driver instead of making new ones */
            in_place_driver_change?: boolean;
            /** @description Display name */
            name: string;
            /** @description Resources that are provisioned along */
            provision?: {
                [key: string]: components["schemas"]["Provision"];
            };
            /** @description Resource Type it provisions */
            type: string;
        };
        CreateDeploymentRequest: {
            /** @description Comment */
            comment?: string;
            /** @description Delta to apply to the environment's base */
            delta_id?: string;
            /** @description Why it is to be accepted during a freeze window; needs the role owner or administrator */
            freeze_override?: string;
            /**
             * @description Deployment mode; full when absent
             * @enum {string}
             */
            mode?: "full" | "incremental";
            pipeline?: components["schemas"]["PipelineReference"];
            /** @description Fingerprint of a plan, or id of a stored plan: exactly that is carried out, and nothing when it is no longer true */
            plan?: string;
            /** @description Deploy nothing: answer 202 with a stored plan of what would be done, which is being made */
            preview?: boolean;
            /** @description Deployment Set to deploy; ignored with delta_id */
            set_id?: string;
            /** @description Version of the Shared Values to use; the latest when absent or null */
            value_set_version_id?: string;
        };
        CreateDriverRequest: {
            /** @description Types of accounts it can use */
            account_types: string[];
            /** @description Id of the driver */
            id: string;
            /** @description JSON Schema of its inputs */
            inputs_schema: {
                [key: string]: unknown;
            };
            /** @description Address of the driver */
            target: string;
            /** @description For drivers built on another one: its inputs, any JSON */
            template?: unknown;
            /** @description Resource Type it provisions */
            type: string;
        };
        CreateEnvironmentRequest: {
            /** @description Deployment of any environment of the Application that the first deployment starts from */
            from_deploy_id?: string;
            /** @description Id: 2 to 50 lower-case letters, digits and single dashes */
            id: string;
            /** @description Display name */
            name: string;
            /** @description Id of its Environment Type; that of the from_deploy_id's environment, or development, when absent */
            type?: string;
        };
        CreateEnvironmentRequestRequest: {
            /** @description Comment of that deployment */
            comment?: string;
            /** @description Copy the Shared Values that from_env overrides: a clone */
            copy_values?: boolean;
            /** @description Deploy at once */
            deploy?: boolean;
            /** @description Why the deployment is to be accepted during a freeze window */
            freeze_override?: string;
            /** @description Deployment that it starts from, instead of from_env */
            from_deploy_id?: string;
            /** @description Environment whose newest succeeded deployment it starts from */
            from_env?: string;
            /** @description Id: 2 to 50 lower-case letters, digits and single dashes */
            id: string;
            /** @description It ends when nothing was deployed to it for so long */
            idle_after?: string;
            /** @description Display name; the id when absent */
            name?: string;
            /**
             * @description What becomes of the Environment when that deployment fails; keep when absent
             * @enum {string}
             */
            on_failure?: "keep" | "teardown";
            /** @description Never remove it by itself */
            protected?: boolean;
            /** @description Time to live, such as 90m, 8h, 3d or 2w */
            ttl?: string;
            /** @description Id of its Environment Type; that of what it starts from, or development, when absent */
            type?: string;
            /** @description Shared Values to override, also those that are copied */
            values?: components["schemas"]["EnvironmentValue"][];
            /** @description How long before the end the event environment.expiring is sent */
            warn_before?: string;
        };
        CreateEnvironmentTypeRequest: {
            /** @description What environments of this type are for */
            description?: string;
            /** @description Id: lower-case letters, digits and single dashes, at least 2 characters */
            id: string;
        };
        CreateFreezeWindowRequest: {
            /** @description When it begins: minute, hour, day, month, weekday, such as 0 16 * * 5 */
            cron: string;
            /** @description Why */
            description?: string;
            /** @description How long it lasts, such as 64h or 2d16h; 1m to 31d */
            duration: string;
            /** @description Time zone of the IANA database, such as Europe/Berlin; UTC when absent */
            time_zone?: string;
        };
        CreatePreviewRuleRequest: {
            /** @description Environment that previews start from */
            base_env: string;
            /** @description They end when nothing was deployed to them for so long */
            idle_after?: string;
            /** @description Regular expression (RE2) on refs/heads/<branch> */
            match_ref: string;
            /**
             * @description What becomes of one whose first deployment fails; keep when absent
             * @enum {string}
             */
            on_failure?: "keep" | "teardown";
            /** @description Their time to live, such as 3d; this or idle_after is needed */
            ttl?: string;
            /** @description Environment Type of previews; that of the base when absent */
            type?: string;
            /** @description How long before the end the event environment.expiring is sent */
            warn_before?: string;
        };
        CreatePromotionRequest: {
            /** @description Comment of the deployment */
            comment?: string;
            /**
             * Format: int64
             * @description Within what time its deployment must be over, waiting included, in seconds; 60 to 604800, 86400 when absent
             */
            deadline_seconds?: number;
            /** @description Answer what would change, with 200, and start nothing */
            dry_run?: boolean;
            /** @description Why the deployment, and one that takes it back, is to be accepted during a freeze window */
            freeze_override?: string;
            /** @description Deployment that is promoted, instead of from_env; it must have succeeded */
            from_deploy_id?: string;
            /** @description Environment whose newest succeeded deployment is promoted */
            from_env?: string;
            /** @description Deploy what ran before when it fails or is cancelled */
            roll_back_on_failure?: boolean;
            /**
             * Format: int64
             * @description How long the target has to stay healthy before the promotion counts, in seconds; 0 to 604800
             */
            soak_seconds?: number;
            /** @description Environment that it is promoted to */
            to_env: string;
            /** @description Workloads that are promoted; all when absent. Those that the source lacks are removed from the target */
            workloads?: string[];
        };
        CreateReceiverRequest: {
            /** @description Listen to this repository only: owner/name */
            repository?: string;
            /** @description The preview rule whose Environments come and go */
            rule_id: string;
            /** @description 16 to 256 characters; one is made when it is absent */
            secret?: string;
            /**
             * @description Who sends
             * @enum {string}
             */
            vendor: "github" | "gitlab";
        };
        CreateResourceAccountRequest: {
            /** @description Credentials, as the type asks for; never answered */
            credentials: {
                [key: string]: unknown;
            };
            /** @description Id of the account */
            id: string;
            /** @description Display name */
            name: string;
            /** @description Type of the account */
            type: string;
        };
        CreateResourceClassRequest: {
            /** @description When to use it */
            description: string;
            /** @description Id: 2 to 63 lower-case letters, digits and dashes */
            id: string;
        };
        CreateResourceTypeRequest: {
            /** @description Category, for display */
            category?: string;
            /** @description JSON Schema of the parameters */
            inputs_schema?: {
                [key: string]: unknown;
            };
            /** @description Display name; the id when absent */
            name?: string;
            /** @description JSON Schema of the outputs */
            outputs_schema?: {
                [key: string]: unknown;
            };
            /** @description Id: <org>/<name> */
            type: string;
            /**
             * @description How resources of the type come about
             * @enum {string}
             */
            use: "direct" | "indirect" | "implicit";
        };
        CreateScheduledDeploymentRequest: {
            /**
             * Format: date-time
             * @description When, once; this or cron
             */
            at?: string;
            /** @description Comment of its deployments */
            comment?: string;
            /** @description When, again and again: five fields, in time_zone */
            cron?: string;
            /** @description Deployment Delta to deploy */
            delta_id?: string;
            /** @description Deploy what the newest succeeded deployment of this Environment brought */
            from_env?: string;
            /** @description Deployment Set to deploy */
            set_id?: string;
            /** @description Time zone of the IANA database; UTC when absent */
            time_zone?: string;
        };
        CreateSecretStoreRequest: {
            awssm?: components["schemas"]["AWSSMRequest"];
            azurekv?: components["schemas"]["AzureKVRequest"];
            gcpsm?: components["schemas"]["GCPSMRequest"];
            /** @description Id of the store */
            id: string;
            /** @description Store new secrets there */
            primary: boolean;
            vault?: components["schemas"]["VaultRequest"];
        };
        CreateTokenRequest: {
            /** @description What the token is for */
            description?: string;
            /**
             * Format: date-time
             * @description When it stops working; never when absent
             */
            expires_at?: string;
            /** @description Id of the token, unique for the user */
            id: string;
            /**
             * @description Kind of token
             * @enum {string}
             */
            type: "static";
        };
        CreateValueRequest: {
            /** @description What it is for */
            description: string | null;
            /** @description Keep the value as a secret */
            is_secret?: boolean;
            /** @description Key: letters, digits, dots, dashes, underscores */
            key: string;
            secret_ref?: components["schemas"]["SecretReference"];
            /** @description The value */
            value?: string;
        };
        CurrentUser: {
            /**
             * Format: date-time
             * @description When the user was created
             */
            created_at: string;
            /** @description E-mail address, when known */
            email?: string;
            /** @description Id of the user */
            id: string;
            /** @description Display name */
            name: string;
            /** @description Free properties that clients keep with the user */
            properties: {
                [key: string]: unknown;
            };
            /** @description Role of the user by object, for example /orgs/acme/apps/shop */
            roles: {
                [key: string]: string;
            };
            /**
             * @description Kind of user
             * @enum {string}
             */
            type: "user" | "service" | "system";
        };
        DecideRequest: {
            /** @description Why */
            comment?: string;
            /**
             * @description What is said
             * @enum {string}
             */
            decision: "approve" | "reject";
            /** @description Plan that was looked at: the decision is refused when another one waits */
            fingerprint?: string;
            /** @description Resource whose plan is meant, when several plans of the deployment wait */
            node?: string;
        };
        DefinitionImpact: {
            /** @description Resource Definition */
            def_id: string;
            /** @description Environments in which something would change, by Application and id */
            environments: components["schemas"]["EnvironmentImpact"][];
            /**
             * Format: int64
             * @description Environments that were looked at: those that have been deployed to
             */
            examined: number;
            hidden: components["schemas"]["HiddenImpact"];
            /** @description Resources shown, by action */
            summary: {
                [key: string]: number;
            };
            /** @description Resource Type */
            type: string;
        };
        DefinitionImpactRequest: {
            /** @description Replace all Matching Criteria; may come with another change */
            criteria?: components["schemas"]["MatchingCriteriaRequest"][];
            /** @description Resource Definition; may be left out with definition */
            def_id?: string;
            definition?: components["schemas"]["CreateDefinitionRequest"];
            /** @description Delete it */
            delete?: boolean;
            patch?: components["schemas"]["PatchDefinitionRequest"];
            /** @description Promote this version */
            version_id?: string;
        };
        DefinitionTest: {
            /** @description What the driver would be given the next time */
            cookie?: unknown;
            /** @description Driver */
            driver: string;
            /** @description What the init template gave */
            init?: unknown;
            inputs?: components["schemas"]["DefinitionTestInputs"];
            /** @description Manifests, by the name the template gives them */
            manifests: {
                [key: string]: components["schemas"]["DefinitionTestManifest"];
            };
            /** @description Why the driver was not called */
            not_run?: string;
            /** @description Remarks: secrets without a value, lines that the driver logged */
            notes: string[];
            /** @description Placeholders that got the default */
            placeholders_defaulted: string[];
            /** @description What is wrong with the definition or the inputs */
            problems: components["schemas"]["DefinitionTestProblem"][];
            /** @description Functions of the templates that give something else each time */
            random: string[];
            /** @description Names of secret outputs */
            secrets: {
                [key: string]: unknown;
            };
            /**
             * @description computed: the driver has run; not_run: it reaches outside and was not called; failed: see problems
             * @enum {string}
             */
            status: "computed" | "not_run" | "failed";
            /** @description Outputs and manifests that a second run with the cookie of the first gives otherwise, such as values/name: each deployment would change them */
            unstable: string[];
            /** @description Outputs */
            values: {
                [key: string]: unknown;
            };
            /** @description What the driver would run, in words */
            would_run: string[];
        };
        DefinitionTestContext: {
            /** @description context.app.id */
            app_id?: string;
            /** @description context.res.class */
            class?: string;
            /** @description context.env.id */
            env_id?: string;
            /** @description context.env.type */
            env_type?: string;
            /** @description context.res.id */
            res_id?: string;
        };
        DefinitionTestInputs: {
            /** @description Inputs of the resource */
            resource: {
                [key: string]: unknown;
            };
            /** @description Names of secret driver inputs */
            secrets: {
                [key: string]: unknown;
            };
            /** @description Driver inputs, resolved */
            values: {
                [key: string]: unknown;
            };
        };
        DefinitionTestManifest: {
            /** @description The object */
            data: unknown;
            /** @description namespace, cluster, containers or volumes */
            location: string;
        };
        DefinitionTestProblem: {
            /**
             * Format: int64
             * @description Line of the text at path, from 1; 0 when it is about all of it
             */
            line: number;
            /** @description What is wrong */
            message: string;
            /** @description JSON pointer into the definition, such as /driver_inputs/values/templates/init; empty when it is about nothing in particular */
            path: string;
            /** @description Placeholder that has no value */
            placeholder?: string;
        };
        DefinitionTestRequest: {
            context?: components["schemas"]["DefinitionTestContext"];
            /** @description What the driver is said to have returned last; absent for a first run */
            cookie?: unknown;
            /** @description Resource Definition to test, as it is stored */
            def_id?: string;
            /** @description Value of every placeholder that is not given; absent: each one is a problem */
            default?: string;
            definition?: components["schemas"]["CreateDefinitionRequest"];
            /** @description Values by the text of a placeholder without ${ and }, such as context.org.id or resources.dns.outputs.host */
            placeholders?: {
                [key: string]: unknown;
            };
            /** @description Inputs of the resource: what the workload asks for; for type workload {id, spec} */
            resource?: {
                [key: string]: unknown;
            };
            /** @description Values of the definition's secrets, by their names and nesting; account holds the credentials of the driver account. They are not stored and not answered */
            secrets?: {
                [key: string]: unknown;
            };
            /** @description Version of it; the one in use when absent */
            version_id?: string;
        };
        DeleteOrphansRequest: {
            /** @description 1 to 500 orphans as they are listed */
            orphans: components["schemas"]["OrphanRef"][];
        };
        Delta: {
            /** @description Id: 40 hex digits */
            id: string;
            metadata: components["schemas"]["DeltaMetadata"];
            modules: components["schemas"]["DeltaChanges"];
            /** @description Changes of shared resources */
            shared: {
                from?: string;
                /** @enum {string} */
                op: "add" | "remove" | "replace";
                path: string;
                value?: unknown;
            }[];
            workloads?: components["schemas"]["DeltaChanges"];
        };
        DeltaChanges: {
            add: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            remove: string[];
            update: {
                [key: string]: {
                    from?: string;
                    /** @enum {string} */
                    op: "add" | "remove" | "replace";
                    path: string;
                    value?: unknown;
                }[];
            };
        };
        DeltaChangesRequest: {
            add?: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            remove?: string[];
            update?: {
                [key: string]: {
                    from?: string;
                    /** @enum {string} */
                    op: "add" | "remove" | "replace";
                    path: string;
                    value?: unknown;
                }[];
            };
        };
        DeltaMetadata: {
            /** @description Archived deltas can be read but not changed */
            archived: boolean;
            /** @description Users other than the creator who changed it */
            contributers: string[];
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Environment it is meant for */
            env_id?: string;
            /**
             * Format: date-time
             * @description When it last changed
             */
            last_modified_at: string;
            /** @description Display name */
            name?: string;
            /** @description Whether it is shared */
            shared: boolean;
        };
        DeltaMetadataRequest: {
            /** @description Environment it is meant for */
            env_id?: string;
            /** @description Display name */
            name?: string;
        };
        DependencyGraph: {
            /**
             * Format: date-time
             * @description When it was stored first
             */
            created_at: string;
            /** @description Content hash */
            hash: string;
            /** @description UUID */
            id: string;
            /** @description Nodes, dependencies first */
            nodes: components["schemas"]["GraphNode"][];
            /**
             * Format: date-time
             * @description When it was last computed
             */
            used_at: string;
        };
        DependencyReason: {
            by?: components["schemas"]["ResourceReferenceTo"];
            /** @description Placeholder, key of the provision entry, or name where it is declared */
            detail?: string;
            /**
             * @description How it came about
             * @enum {string}
             */
            kind: "declared" | "reference" | "selector" | "is_dependent" | "match_dependents";
            /** @description JSON pointer of the placeholder */
            location?: string;
            /** @description The same in words */
            text: string;
        };
        Deployment: {
            /**
             * Format: date-time
             * @description When somebody asked to cancel it
             */
            cancel_requested_at?: string;
            /** @description Who asked to cancel it */
            cancel_requested_by?: string;
            /** @description Comment of the one who asked */
            comment: string;
            /**
             * Format: date-time
             * @description When it was asked for
             */
            created_at: string;
            /** @description Id of the user who asked */
            created_by: string;
            /** @description Delta that was applied to the base */
            delta_id?: string;
            /** @description Resource graph of the deployment, once it is planned */
            dependency_graph_id?: string;
            /** @description Environment that was deployed to */
            env_id: string;
            /** @description Always empty */
            export_file: string;
            /** @description Always empty */
            export_status: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            finished_at?: string;
            /** @description Deployment whose set was the base; empty for the first */
            from_id: string;
            /** @description Id: the creation time in Unix nanoseconds as 16 hex digits */
            id: string;
            /** @description Manifests are rendered by the server */
            legacy_mode?: boolean;
            /**
             * @description Deployment mode
             * @enum {string}
             */
            mode?: "full" | "incremental";
            /**
             * @description How it ended; absent while unfinished
             * @enum {string}
             */
            outcome?: "succeeded" | "failed" | "cancelled" | "superseded" | "timed_out" | "denied" | "rejected" | "expired" | "void";
            /**
             * @description What it is doing
             * @enum {string}
             */
            phase?: "plan" | "provision" | "render" | "deliver" | "rollout" | "done";
            pipeline?: components["schemas"]["PipelineReference"];
            /** @description Deployment Set that was deployed */
            set_id: string;
            /**
             * Format: date-time
             * @description When it left the queue
             */
            started_at?: string;
            /**
             * @description Status
             * @enum {string}
             */
            status: "pending" | "in progress" | "succeeded" | "failed";
            /**
             * Format: date-time
             * @description When the status last changed
             */
            status_changed_at: string;
            target?: components["schemas"]["DeploymentTarget"];
            /** @description Version of the Shared Values that was used */
            value_set_version_id?: string;
            /** @description The people that it waits for; absent when it does not wait */
            waiting_for?: components["schemas"]["WaitingFor"][];
            /** @description Id of its workflow in Temporal; there is none before it leaves the queue */
            workflow_id?: string;
        };
        DeploymentApproval: {
            /** @description Application */
            app_id: string;
            /**
             * Format: date-time
             * @description When it was planned
             */
            created_at: string;
            /** @description What people said, oldest first */
            decisions: components["schemas"]["ApprovalDecision"][];
            /** @description Deployment */
            deployment_id: string;
            /**
             * Format: date-time
             * @description When it was decided
             */
            ended_at?: string;
            /** @description Environment */
            env_id: string;
            /** @description Environment Type */
            env_type: string;
            /** @description Names the plan; approvals count for it alone */
            fingerprint: string;
            /** @description What it waits for, or how it ended */
            message?: string;
            /** @description Whether an approval by the one who asks would count */
            mine: boolean;
            /** @description Resource whose own plan is meant; absent for the plan of the whole deployment */
            node?: string;
            plan: components["schemas"]["PolicyPlan"];
            /** @description Who asked for the deployment */
            proposer: string;
            /** @description What the policies ask for */
            requirements: components["schemas"]["PolicyRequirement"][];
            /**
             * @description How far it is
             * @enum {string}
             */
            status: "open" | "waiting" | "passed" | "denied" | "rejected" | "expired" | "void" | "withdrawn";
            /** @description What would be done, in a line */
            summary?: string;
            /**
             * Format: date-time
             * @description When it ends unless more people agree; absent when it does not wait
             */
            until?: string;
        };
        DeploymentDiff: {
            /** @description The deployment that is compared from; absent for the cluster */
            from_id?: string;
            /** @description The objects that differ */
            objects: components["schemas"]["ObjectDiff"][];
            /** @description The deployment that is compared with */
            to_id: string;
        };
        DeploymentError: {
            /** @description Machine-readable code */
            code: string;
            /** @description resource, placeholder, timeout, cancelled, delivery, manifest, pipeline or internal */
            error_type: string;
            /** @description The whole cause, with what to do */
            message: string;
            /** @description Workload or resource; empty for the deployment itself */
            object_id: string;
            /**
             * @description What the error is about
             * @enum {string}
             */
            scope: "deployment" | "workload" | "resource";
            /** @description The cause in one line */
            summary: string;
        };
        DeploymentEvent: {
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @description Deployment it belongs to */
            deployment_id: string;
            /** @description What to tell a person */
            message?: string;
            /** @description Resource key type.class#id; absent for the deployment itself */
            node?: string;
            /**
             * Format: int64
             * @description Position; increases
             */
            seq: number;
            /** @description New status or phase */
            status?: string;
            /** @description deployment.status, deployment.phase, deployment.gate, deployment.delivered, deployment.cancel, deployment.errors, deployment.base, node.status, node.changes or node.question */
            type: string;
        };
        DeploymentPlan: {
            changes: components["schemas"]["PlannedSetChanges"];
            /** @description Names all that the plan depends on; give it as plan to createDeployment. Absent when the deployment would fail */
            fingerprint?: string;
            /** @description Deployment whose set is the base; empty for the first */
            from_id: string;
            policies: components["schemas"]["PlannedPolicies"];
            /** @description Why the deployment would fail */
            problems: string[];
            /** @description Dependencies first, then what is no longer asked for */
            resources: components["schemas"]["PlannedResource"][];
            /** @description Deployment Set that would be deployed */
            set_id: string;
            /** @description Resources by action */
            summary: {
                [key: string]: number;
            };
            /** @description Version of the Shared Values; absent while there are none */
            value_set_version_id?: string;
            /** @description Keys of Shared Values that differ from those of the last deployment */
            values: string[];
            /** @description What else is worth knowing */
            warnings: string[];
        };
        DeploymentTarget: {
            /**
             * @description Kind of target
             * @enum {string}
             */
            kind: "git" | "kubernetes";
            /** @description Commit, for git */
            revision?: string;
            /** @description Address of the target, without credentials */
            url?: string;
        };
        DestroyedResource: {
            /** @description Definition that made it */
            def_id: string;
            /** @description Driver that made it */
            driver_type: string;
            /** @description Globally unique id */
            guresid: string;
        };
        DraftPolicy: {
            /**
             * Format: int64
             * @description How many people have to agree, 1 to 10; 1 when absent; not with deny
             */
            approvals?: number;
            /** @description How long a deployment waits for the approvals, such as 30m, 8h or 2d; 1m to 7d, 1h when absent; not with deny */
            deadline?: string;
            /**
             * @description What it does when the condition holds
             * @enum {string}
             */
            effect: "deny" | "approve";
            /** @description Whether the approval of who asked for the deployment does not count */
            exclude_proposer?: boolean;
            /** @description Id */
            id: string;
            /** @description What people are told */
            message?: string;
            /** @description Roles that may agree, of the organization, the Application or the Environment Type; absent is whoever may deploy */
            roles?: string[];
            /** @description Condition in CEL over plan, env and proposer, of type bool */
            when: string;
        };
        DriftIgnores: {
            /** @description What is not looked at */
            ignore: components["schemas"]["IgnoredField"][];
            /** @description What is not looked at because of the organization; has no effect in a request */
            inherited?: components["schemas"]["InheritedField"][];
        };
        DriftScan: {
            /** @description request or schedule */
            cause: string;
            /**
             * Format: int64
             * @description How many objects were looked at
             */
            checked: number;
            /**
             * Format: date-time
             * @description When it was asked for
             */
            created_at: string;
            /** @description By whom */
            created_by: string;
            /** @description The deployment that was compared with */
            deploy_id?: string;
            /**
             * Format: int64
             * @description How many of them drifted
             */
            drifted: number;
            /** @description Environment */
            env_id: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            finished_at?: string;
            /** @description Id */
            id: string;
            /** @description Why it failed, or what it could not do */
            message?: string;
            /** @description The deployment that brings it right */
            redeploy_id?: string;
            /** @description What is not as it was deployed; before is what is there */
            results: components["schemas"]["ObjectDiff"][];
            /**
             * @description Status
             * @enum {string}
             */
            status: "running" | "clean" | "drifted" | "failed";
        };
        DriftSettings: {
            /** @description Scans run by themselves */
            enabled: boolean;
            /** @description Time between two scans, such as 24h; 5m to 744h */
            every: string;
            /** @description What is not looked at */
            ignore: components["schemas"]["IgnoredField"][];
            /** @description What is not looked at because of the Application or the organization; has no effect in a request */
            inherited?: components["schemas"]["InheritedField"][];
            /** @description Deploy again when drift is found */
            redeploy: boolean;
        };
        Driver: {
            /** @description Types of accounts it can use */
            account_types: string[];
            /** @description Id of the driver */
            id: string;
            /** @description JSON Schema of its inputs */
            inputs_schema: {
                [key: string]: unknown;
            };
            /** @description Organization that registered it */
            org_id: string;
            /** @description Address of the driver */
            target?: string;
            /** @description For drivers built on another one: its inputs, any JSON */
            template?: unknown;
            /** @description Resource Type it provisions; * for any */
            type: string;
        };
        DriverInputs: {
            /** @description Where secret inputs are kept: {store, ref, version} leaves, or {value} in requests */
            secret_refs?: {
                [key: string]: unknown;
            };
            /** @description Secret inputs; only in requests */
            secrets?: {
                [key: string]: unknown;
            };
            /** @description Plain inputs */
            values?: {
                [key: string]: unknown;
            };
        };
        Environment: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            from_deploy?: components["schemas"]["Deployment"];
            /** @description Id of the Environment */
            id: string;
            last_deploy?: components["schemas"]["Deployment"];
            /** @description Display name */
            name: string;
            /**
             * @description What happens to a deployment while another one is unfinished
             * @enum {string}
             */
            queue_policy?: "queue" | "supersede" | "reject" | "freeze";
            /**
             * @description Life-cycle status
             * @enum {string}
             */
            status: "active" | "deleting";
            /**
             * Format: date-time
             * @description When the status last changed
             */
            status_changed_at: string;
            /** @description What a deletion is stuck on */
            status_message?: string;
            /** @description Id of its Environment Type */
            type: string;
        };
        EnvironmentBase: {
            /** @description Id of the Environment */
            id: string;
            /** @description Display name */
            name: string;
            /** @description Id of its Environment Type */
            type: string;
        };
        EnvironmentImpact: {
            /** @description Application */
            app_id: string;
            /** @description Environment */
            env_id: string;
            /** @description Environment Type */
            env_type: string;
            /** @description The next deployment would fail, and would not without the change */
            fails: boolean;
            /** @description What would be wrong */
            problems: string[];
            /** @description The next deployment would fail without the change, and not with it */
            repaired: boolean;
            /** @description Resources that would change */
            resources: components["schemas"]["ResourceImpact"][];
        };
        EnvironmentLifetime: {
            /**
             * Format: date-time
             * @description When it ends as things are; absent when it does not end by itself
             */
            ends_at?: string;
            /**
             * Format: date-time
             * @description When its time is over; absent when it has no such end
             */
            expires_at?: string;
            /** @description It ends when nothing was deployed to it for so long; 0s is never */
            idle_after: string;
            /** @description It is never removed by itself, whatever else is set */
            protected: boolean;
            /**
             * @description Why it ends then
             * @enum {string}
             */
            reason?: "expired" | "idle";
            /** @description How long before the end the event environment.expiring is sent; 0s is not at all */
            warn_before: string;
        };
        EnvironmentLifetimeChange: {
            /** @description How much later than now set it ends */
            extend_by?: string;
            /** @description It ends when nothing was deployed to it for so long; 0s is never */
            idle_after?: string;
            /** @description Never remove it by itself */
            protected?: boolean;
            /** @description Time to live from now on, such as 90m, 8h, 3d or 2w; 0s is no end by time */
            ttl?: string;
            /** @description How long before the end the event environment.expiring is sent; 0s is not at all */
            warn_before?: string;
        };
        EnvironmentRequest: {
            /**
             * Format: date-time
             * @description When its end was asked for
             */
            cancel_requested_at?: string;
            /**
             * Format: date-time
             * @description When it was asked for
             */
            created_at: string;
            /** @description Who asked */
            created_by: string;
            /** @description Its first deployment, when one was asked for */
            deployment_id?: string;
            /** @description Environment that was asked for */
            env_id: string;
            /** @description What happened, oldest first */
            events: components["schemas"]["EnvironmentRequestEvent"][];
            /**
             * Format: date-time
             * @description When it was over
             */
            finished_at?: string;
            /** @description Deployment that it started from */
            from_deploy_id?: string;
            /** @description Environment that it started from */
            from_env?: string;
            /** @description Id of the request */
            id: string;
            /**
             * @description What was asked for
             * @enum {string}
             */
            kind: "create" | "clone" | "preview";
            /** @description Why it failed */
            message?: string;
            /**
             * @description What becomes of it when that fails
             * @enum {string}
             */
            on_failure: "keep" | "teardown";
            /**
             * @description What is being done
             * @enum {string}
             */
            phase: "deploy" | "teardown" | "done";
            /**
             * @description How far it is
             * @enum {string}
             */
            status: "in progress" | "succeeded" | "failed" | "cancelled";
            /** @description Id of its workflow in Temporal */
            workflow_id?: string;
        };
        EnvironmentRequestEvent: {
            /**
             * Format: date-time
             * @description When
             */
            at: string;
            /** @description What happened */
            message: string;
            /** @description Phase from then on */
            phase: string;
            /**
             * Format: int64
             * @description Number, from 1
             */
            seq: number;
            /** @description Status from then on */
            status: string;
        };
        EnvironmentRuntime: {
            /** @description Why there is no status */
            error?: string;
            /** @description Environment */
            id: string;
            /** @description All Deployments have no replicas */
            paused: boolean;
            /** @description Success, Warning, Failure, Stopped or Unknown */
            status?: string;
        };
        EnvironmentStatus: {
            /**
             * @description Why it ends then
             * @enum {string}
             */
            end_reason?: "expired" | "idle";
            /**
             * Format: date-time
             * @description When it ends by itself
             */
            ends_at?: string;
            /**
             * Format: date-time
             * @description When the freeze window that is open ends
             */
            frozen_until?: string;
            /** @description Id */
            id: string;
            last_deploy?: components["schemas"]["Deployment"];
            /** @description Display name */
            name: string;
            /** @description Never removed by itself */
            protected: boolean;
            /** @description What happens to a deployment while another one is unfinished */
            queue_policy: string;
            running?: components["schemas"]["Deployment"];
            /** @description active or deleting */
            status: string;
            /** @description Environment Type */
            type: string;
            /** @description What the running deployment brought */
            workloads: components["schemas"]["WorkloadStatus"][];
        };
        EnvironmentType: {
            /** @description What environments of this type are for */
            description: string;
            /** @description Id of the Environment Type */
            id: string;
        };
        EnvironmentValue: {
            /** @description What it is for */
            description?: string;
            /** @description Whether it is a secret, as on the Application */
            is_secret?: boolean;
            /** @description Key that the Application has */
            key: string;
            secret_ref?: components["schemas"]["SecretReference"];
            /** @description The value; of a secret it is stored encrypted and never shown */
            value?: string;
        };
        Error: {
            /** @description Additional structured information */
            details?: {
                [key: string]: unknown;
            };
            /** @description Machine-readable code, HTTP-<status> when there is no better one */
            error: string;
            /** @description What is wrong, with which thing, and what to do */
            message: string;
        };
        ExplainRequest: {
            delta?: components["schemas"]["PlainDelta"];
            /** @description A Deployment Delta, applied to what the Environment has */
            delta_id?: string;
            set?: components["schemas"]["SetRequest"];
            /** @description A Deployment Set of the Application */
            set_id?: string;
        };
        FieldChange: {
            /** @description JSON of what it is, likewise */
            after?: string;
            /** @description JSON of what it was, cut at 200 bytes; absent when the field was not there, is secret, or is of a resource */
            before?: string;
            /** @description Field manager that holds the field in the cluster */
            by?: string;
            /** @description JSON pointer; an element of a list that has a name is found by it */
            path: string;
            /** @description The values are not shown */
            secret?: boolean;
        };
        FollowEvent: {
            /** @description The object as its own operation answers it */
            data: unknown;
            /** @description Position: a client that has heard it goes on from there; empty where more of the same moment follows */
            id: string;
            /** @description What Data is. Of an Organization: attention, applications, runs; of an Application: application, path, environment, promotion, request, run, orders, runtime; of an Environment: environment, deployment, progress, operation, approvals, runtime, paused, lifetime, drift; of a pipeline run: run, job, approval, line; end comes last, where nothing comes after it */
            type: string;
        };
        FreezeWindow: {
            /**
             * Format: date-time
             * @description When it was made
             */
            created_at: string;
            /** @description Who made it */
            created_by: string;
            /** @description When it begins: minute, hour, day, month, weekday */
            cron: string;
            /** @description Why */
            description: string;
            /** @description How long it lasts, by the clock on the wall */
            duration: string;
            /** @description Environment Type */
            env_type: string;
            /** @description Id */
            id: string;
            /**
             * Format: date-time
             * @description When it ends; absent when it is not open now
             */
            open_until?: string;
            /**
             * Format: date-time
             * @description When it opens next
             */
            opens_next?: string;
            /** @description Time zone of the IANA database */
            time_zone: string;
        };
        GCPAuth: {
            /** @description Key of a service account, JSON */
            secret_access_key?: string;
        };
        GCPSMRequest: {
            auth?: components["schemas"]["GCPAuth"];
            /** @description Project */
            project_id?: string;
        };
        GCPSMSettings: {
            /** @description Project */
            project_id?: string;
        };
        GraphNode: {
            /** @description Resource Class */
            class: string;
            /** @description Matching Criteria that selected the definition */
            criteria_id: string;
            /** @description Resource Definition */
            def_id: string;
            /** @description Version of the definition */
            def_version_id: string;
            /** @description Globally unique ids of the resources it depends on */
            depends_on: string[];
            /** @description Inputs of the driver, secrets left out */
            driver: {
                [key: string]: unknown;
            };
            /** @description Resource Account */
            driver_account?: string;
            /** @description Driver */
            driver_type: string;
            /** @description Globally unique resource id */
            guresid: string;
            /** @description Resource id */
            id: string;
            /** @description Hand an existing resource to a new driver */
            in_place_driver_change: boolean;
            /** @description Parameters of the resource */
            resource: {
                [key: string]: unknown;
            };
            /** @description JSON Schema of the outputs */
            resource_schema: {
                [key: string]: unknown;
            };
            /** @description Address of the driver */
            target?: string;
            /** @description Resource Type */
            type: string;
        };
        Group: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Name of the group at the identity provider */
            group_id: string;
            /** @description Id of the group in roles */
            id: string;
            /** @description Identity provider */
            idp_id: string;
        };
        GroupRequest: {
            /** @description Name of the group at the identity provider */
            group_id: string;
            /** @description Identity provider, as the setting oidc-idp-id names it */
            idp_id: string;
            /**
             * @description Role in the Organization
             * @enum {string}
             */
            role: "orgViewer" | "artefactContributor" | "member" | "manager" | "administrator";
        };
        GroupWithRole: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Name of the group at the identity provider */
            group_id: string;
            /** @description Id of the group in roles */
            id: string;
            /** @description Identity provider */
            idp_id: string;
            /** @description Role in the Organization */
            role: string;
        };
        HiddenImpact: {
            /**
             * Format: int64
             * @description Environments
             */
            environments: number;
            /**
             * Format: int64
             * @description Resources
             */
            resources: number;
        };
        IgnoredField: {
            /** @description Kind of objects; all when absent */
            kind?: string;
            /** @description Name of objects; all when absent */
            name?: string;
            /** @description JSON pointer, with everything below it; the whole object when absent */
            path?: string;
        };
        Image: {
            /**
             * Format: date-time
             * @description When its first build was registered
             */
            added_at: string;
            /** @description Builds, oldest first */
            builds: components["schemas"]["ImageBuild"][];
            /** @description Id that builds were registered with; else the name of the image */
            id: string;
            /** @description Where it comes from: ci */
            source: string;
        };
        ImageBuild: {
            /**
             * Format: date-time
             * @description When it was registered
             */
            added_at: string;
            /** @description Branch it was built from */
            branch: string;
            /** @description Commit it was built from */
            commit: string;
            /** @description The image with its tag */
            image: string;
            /** @description Tags it was built from */
            tags: string[];
        };
        ImageBuildRequest: {
            /** @description Branch it was built from */
            branch?: string;
            /** @description Commit it was built from */
            commit?: string;
            /** @description The image with its tag */
            image?: string;
            /** @description Tags it was built from */
            tags?: string[];
        };
        InheritedField: {
            /**
             * @description Where it was set
             * @enum {string}
             */
            from: "organization" | "application";
            /** @description Kind of objects; all when absent */
            kind?: string;
            /** @description Name of objects; all when absent */
            name?: string;
            /** @description JSON pointer, with everything below it; the whole object when absent */
            path?: string;
        };
        InstantiatedTemplate: {
            /** @description Extension file, YAML */
            extensions?: string;
            /** @description Score file, YAML */
            score: string;
        };
        InstantiateTemplateRequest: {
            /** @description Parameters by name */
            parameters: {
                [key: string]: unknown;
            };
        };
        Invitation: {
            /**
             * Format: date-time
             * @description When it was made
             */
            created_at: string;
            /** @description Id of the user who invited */
            created_by: string;
            /** @description E-mail address of the person */
            email?: string;
            /**
             * Format: date-time
             * @description Until when it can be accepted
             */
            expires_at: string;
            /** @description Id of the temporary user */
            user_id: string;
        };
        InvitationRequest: {
            /** @description E-mail address of the person */
            email: string;
            /** @description Role in the Organization */
            role: string;
        };
        JSONPatch: {
            /** @description add, remove or replace */
            op: string;
            /** @description JSON Pointer */
            path: string;
            /** @description New value */
            value?: unknown;
        };
        LogLine: {
            /**
             * Format: date-time
             * @description When it was written
             */
            at: string;
            /**
             * @description Level
             * @enum {string}
             */
            level: "info" | "warn" | "error";
            /** @description Resource key; absent for the deployment itself */
            node?: string;
            /**
             * Format: int64
             * @description Position; increases
             */
            seq: number;
            /** @description The line */
            text: string;
        };
        ManifestPlan: {
            /** @description The deployment that was delivered last; absent when none was */
            from_id?: string;
            /** @description What would change in the cluster, of the objects that are fully known; as the cluster says to a dry run */
            live: components["schemas"]["ObjectDiff"][];
            /**
             * Format: int64
             * @description How many objects the cluster was asked about; 0 when it was not asked
             */
            live_checked: number;
            /** @description What cannot be told, and why */
            notes: string[];
            /** @description Objects that would not be as they were delivered last */
            objects: components["schemas"]["PlannedObject"][];
            /**
             * Format: int64
             * @description How many stay as they were delivered
             */
            unchanged: number;
        };
        MatchingCriteria: {
            /** @description Application */
            app_id?: string;
            /** @description Resource Class */
            class: string;
            /** @description Environment */
            env_id?: string;
            /** @description Environment Type */
            env_type?: string;
            /** @description Id of the rule */
            id: string;
            /** @description Resource id */
            res_id?: string;
        };
        MatchingCriteriaRequest: {
            /** @description Application */
            app_id?: string;
            /** @description Resource Class; default when absent */
            class?: string;
            /** @description Environment */
            env_id?: string;
            /** @description Environment Type */
            env_type?: string;
            /** @description Resource id */
            res_id?: string;
        };
        NewInvitation: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description E-mail address, when known */
            email?: string;
            /**
             * Format: date-time
             * @description Until when it can be accepted
             */
            expires_at: string;
            /** @description Id of the user or group */
            id: string;
            /** @description Identity provider of a group */
            idp_id?: string;
            /**
             * @description State of the invitation, when there was one
             * @enum {string}
             */
            invite?: "pending" | "expired" | "accepted";
            /** @description Accepts the invitation; shown this once. No e-mail is sent: pass it on yourself */
            invite_token: string;
            /** @description Name of the user; of a group its name at the identity provider */
            name: string;
            /** @description Role on the object */
            role: string;
            /**
             * @description What it is
             * @enum {string}
             */
            type: "user" | "service" | "group" | "system";
        };
        NewSession: {
            /**
             * Format: date-time
             * @description When it ends
             */
            expires_at: string;
            /** @description Token of the session */
            token: string;
        };
        NewToken: {
            /** @description The token; it cannot be shown again */
            token: string;
            /**
             * @description Kind of token
             * @enum {string}
             */
            type: "static";
        };
        Node: {
            /**
             * Format: int64
             * @description How often the driver was called in this deployment
             */
            attempt: number;
            /** @description Resource Class */
            class: string;
            /** @description Matching Criteria that selected the definition */
            criteria_id?: string;
            /** @description Resource Definition */
            def_id?: string;
            /** @description Version of the Resource Definition */
            def_version_id?: string;
            /** @description Ordinals of the nodes it waits for */
            depends_on: number[];
            /** @description Driver */
            driver_type?: string;
            error?: components["schemas"]["DeploymentError"];
            /**
             * Format: date-time
             * @description When it ended
             */
            finished_at?: string;
            /** @description Globally unique resource id */
            guresid?: string;
            /** @description Resource id */
            id: string;
            /** @description Resource key type.class#id */
            key: string;
            /**
             * Format: int64
             * @description Position in the order of provisioning, from 0
             */
            ordinal: number;
            /** @description Output values; never secrets */
            outputs: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When it started
             */
            started_at?: string;
            /**
             * @description Status
             * @enum {string}
             */
            status: "pending" | "running" | "succeeded" | "failed" | "skipped";
            /** @description Resource Type */
            type: string;
        };
        NodeChanges: {
            /**
             * Format: date-time
             * @description When it was planned
             */
            at: string;
            /** @description The first 200 changes */
            changes: components["schemas"]["PlannedChange"][];
            /** @description Changes by action; empty when nothing was to be changed */
            counts: {
                [key: string]: number;
            };
            /** @description Resource key type.class#id */
            node: string;
            /** @description Run of the driver; one that begins anew plans anew */
            run_id: string;
            /** @description One line of the driver */
            summary?: string;
        };
        ObjectDiff: {
            /** @description API version; empty for what is no Kubernetes object */
            api_version: string;
            /** @description The fields that differ */
            changes: components["schemas"]["FieldChange"][];
            /** @description What brought it: a workload or a resource */
            from: string;
            /** @description Kind of the object; of a resource the driver's, such as a Terraform resource type */
            kind: string;
            /** @description Why it could not be looked at */
            message?: string;
            /** @description Name; of a resource the driver's, such as a Terraform address */
            name: string;
            /** @description Namespace */
            namespace?: string;
            /** @description Where it is: kubernetes, or the driver type of a resource */
            source: string;
            /**
             * @description How it differs
             * @enum {string}
             */
            state: "added" | "removed" | "changed" | "missing" | "unknown";
        };
        Operation: {
            /**
             * Format: date-time
             * @description When it was accepted
             */
            created_at: string;
            /** @description Who asked for it */
            created_by: string;
            /** @description Environment */
            env_id: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            finished_at?: string;
            /** @description Id */
            id: string;
            /** @description scale, pause, resume or restart */
            kind: string;
            /** @description Why it failed */
            message?: string;
            /** @description Of a scale: how many replicas, by workload */
            replicas?: {
                [key: string]: number;
            };
            /**
             * Format: date-time
             * @description When it began
             */
            started_at?: string;
            /**
             * @description Status
             * @enum {string}
             */
            status: "pending" | "in progress" | "succeeded" | "failed" | "cancelled";
            /** @description Of a restart: the workloads; all when absent */
            workloads?: string[];
        };
        OperationRequest: {
            /** @description scale, pause, resume or restart */
            kind: string;
            /** @description Of a scale: how many replicas, by workload */
            replicas?: {
                [key: string]: number;
            };
            /** @description Of a restart: the workloads; all when empty */
            workloads?: string[];
        };
        Organization: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string | null;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Id of the Organization */
            id: string;
            logo: components["schemas"]["OrganizationLogo"];
            /** @description Display name */
            name: string;
            /** @description Never set */
            scaffolding_url?: string;
            /**
             * Format: date-time
             * @description Always null: there are no trials
             */
            trial_expires_at: string | null;
        };
        OrganizationLogo: {
            /** @description Logo for dark backgrounds */
            dark_url?: string;
            /** @description Logo for light backgrounds */
            light_url?: string;
        };
        Orphan: {
            /** @description API version of the object */
            api_version: string;
            /** @description Application, as labels or inventory say */
            app_id: string;
            /** @description Whether its managed fields say that Slipway applied it; labels alone can be copied */
            applied: boolean;
            /** @description URL of the API server */
            cluster: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            created_at: string;
            /** @description Last deployment that brought it, empty when unknown */
            deploy_id: string;
            /** @description Environment, as labels or inventory say */
            env_id: string;
            /** @description Kind of the object */
            kind: string;
            /** @description Name of the object */
            name: string;
            /** @description Namespace, empty for an object of the cluster */
            namespace: string;
            /** @description unknown: in the cluster and in no inventory; left: its environment is delivered elsewhere now; missing: in the inventory and gone from the cluster */
            state: string;
        };
        OrphanCluster: {
            /** @description Why it could not be looked at, empty when it could */
            error: string;
            /** @description Kinds that the credentials do not let Slipway list */
            unread: string[];
            /** @description URL of the API server */
            url: string;
        };
        OrphanOutcome: {
            /** @description API version of the object */
            api_version: string;
            /** @description URL of the API server */
            cluster: string;
            /** @description Deleted, or forgotten where it was missing */
            deleted: boolean;
            /** @description Why not, empty when it was */
            error: string;
            /** @description Kind of the object */
            kind: string;
            /** @description Name of the object */
            name: string;
            /** @description Namespace, empty for an object of the cluster */
            namespace: string;
        };
        OrphanRef: {
            /** @description API version of the object */
            api_version: string;
            /** @description URL of the API server */
            cluster: string;
            /** @description Kind of the object */
            kind: string;
            /** @description Name of the object */
            name: string;
            /** @description Namespace, empty for an object of the cluster */
            namespace: string;
        };
        OrphanReport: {
            /** @description The clusters that were looked at */
            clusters: components["schemas"]["OrphanCluster"][];
            /** @description By cluster, environment, kind and name */
            orphans: components["schemas"]["Orphan"][];
        };
        PatchDefinitionRequest: {
            /** @description Resource Account the driver uses */
            driver_account?: string;
            driver_inputs?: components["schemas"]["DriverInputs"];
            /** @description Hand existing resources to a new driver instead of making new ones */
            in_place_driver_change?: boolean;
            /** @description Display name */
            name?: string;
            /** @description Store as a version that is not in use yet */
            proposed?: boolean;
            /** @description Resources that are provisioned along */
            provision?: {
                [key: string]: components["schemas"]["Provision"];
            };
        };
        PatchResourceTypeRequest: {
            /** @description Category, for display */
            category?: string;
            /** @description JSON Schema of the parameters */
            inputs_schema?: {
                [key: string]: unknown;
            };
            /** @description Display name */
            name?: string;
            /** @description JSON Schema of the outputs */
            outputs_schema?: {
                [key: string]: unknown;
            };
            /**
             * @description How resources of the type come about
             * @enum {string}
             */
            use?: "direct" | "indirect" | "implicit";
        };
        PatchValueRequest: {
            /** @description What it is for */
            description?: string;
            secret_ref?: components["schemas"]["SecretReference"];
            /** @description The value */
            value?: string;
        };
        Paused: {
            /** @description Who paused it */
            by?: string;
            /** @description The operation that paused it */
            operation_id?: string;
            /** @description Whether it is paused, or is about to be */
            paused: boolean;
            /**
             * Format: date-time
             * @description Since when
             */
            since?: string;
        };
        Permissions: {
            /** @description Names of permissions, see the reference of roles */
            permissions: string[];
        };
        PersonName: {
            /** @description E-mail address; absent for those who have left */
            email?: string;
            /** @description No longer in the Organization */
            former: boolean;
            /** @description Id of the user */
            id: string;
            /** @description Name */
            name: string;
            /** @description user, service or group */
            type: string;
        };
        PinResourceRequest: {
            /** @description Version of the definition, or null */
            target_def_version_id: string | null;
        };
        Pipeline: {
            /** @description Application */
            app_id: string;
            /**
             * Format: date-time
             * @description When the Pipeline was created
             */
            created_at: string;
            /** @description Changes with every change; for If-Match */
            etag: string;
            /** @description Id, unique in the Application */
            id: string;
            /** @description Free text by key */
            metadata?: {
                [key: string]: string;
            };
            /** @description Name for people */
            name: string;
            /** @description Organization */
            org_id: string;
            /** @description active */
            status: string;
            /** @description What starts runs: artefact, deployment_request, pipeline_call, schedule */
            trigger_types: string[];
            /** @description UUID of the version */
            version: string;
        };
        PipelineApprovalRequest: {
            /** @description Id of the Application */
            app_id: string;
            /**
             * Format: date-time
             * @description When it was decided
             */
            approved_at?: string;
            /** @description Id of the user who decided */
            approved_by?: string;
            /**
             * Format: date-time
             * @description When it was asked
             */
            created_at: string;
            /** @description Environment that the approver must be able to deploy to */
            env_id: string;
            /** @description Id of the request */
            id: string;
            /** @description Id of the job */
            job_id: string;
            /** @description What is asked */
            message: string;
            /** @description Id of the organization */
            org_id: string;
            /** @description Id of the Pipeline */
            pipeline_id: string;
            /** @description Id of the run */
            run_id: string;
            /** @description waiting, approved, denied or cancelled */
            status: string;
        };
        PipelineBatch: {
            /** @description What the run is going to be given */
            items: components["schemas"]["PipelineBatchItem"][];
            /**
             * Format: date-time
             * @description When the run is to start
             */
            scheduled_at?: string;
        };
        PipelineBatchItem: {
            /** @description Id of the artefact version */
            ref: string;
            /** @description container or workload */
            type: string;
        };
        PipelineCriteria: {
            /** @description The Application of the Pipeline */
            app_id?: string;
            /** @description deploy or re-deploy; absent = both */
            deployment_type?: string;
            /** @description Only this Environment; absent or * = all */
            env_id?: string;
            /** @description Only Environments of this type; absent or * = all */
            env_type?: string;
            /** @description UUID */
            id: string;
            /** @description The Pipeline */
            pipeline_id: string;
            /** @description Its name */
            pipeline_name: string;
            /**
             * @description What is matched
             * @enum {string}
             */
            trigger: "deployment_request";
        };
        PipelineCriteriaRequest: {
            /** @description The Application of the Pipeline, or absent */
            app_id?: string;
            /** @description deploy, redeploy or re-deploy; absent = all */
            deployment_type?: string;
            /** @description Only this Environment; absent or * = all */
            env_id?: string;
            /** @description Only Environments of this type; absent or * = all */
            env_type?: string;
            /**
             * @description What is matched
             * @enum {string}
             */
            trigger: "deployment_request";
        };
        PipelineJob: {
            /** @description Id of the Application */
            app_id: string;
            /**
             * Format: date-time
             * @description When its end was asked for
             */
            cancellation_requested_at?: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            completed_at?: string;
            /**
             * Format: date-time
             * @description When it was recorded
             */
            created_at: string;
            /** @description Entity tag */
            etag: string;
            /** @description Id of the job: its key in the Pipeline */
            id: string;
            /** @description Name of the job */
            name: string;
            /** @description Id of the organization */
            org_id: string;
            /** @description Outputs of the job */
            outputs?: {
                [key: string]: unknown;
            };
            /** @description Id of the Pipeline */
            pipeline_id: string;
            /** @description Id of the version of the Pipeline */
            pipeline_version: string;
            /** @description Id of the run */
            run_id: string;
            /** @description queued, executing, succeeded, failed, cancelled or skipped */
            status: string;
            /** @description Why, for people */
            status_message: string;
            /** @description Steps that have begun */
            steps: components["schemas"]["PipelineStep"][];
            /**
             * Format: int64
             * @description How long it may take from when it began
             */
            timeout_seconds: number;
            /**
             * Format: date-time
             * @description When something of it changed last
             */
            updated_at: string;
            /** @description What its step waits for */
            waiting_for?: string;
        };
        PipelineJobPartial: {
            /** @description Id of the Application */
            app_id: string;
            /**
             * Format: date-time
             * @description When its end was asked for
             */
            cancellation_requested_at?: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            completed_at?: string;
            /**
             * Format: date-time
             * @description When it was recorded
             */
            created_at: string;
            /** @description Entity tag */
            etag: string;
            /** @description Id of the job: its key in the Pipeline */
            id: string;
            /** @description Name of the job */
            name: string;
            /** @description Id of the organization */
            org_id: string;
            /** @description Outputs of the job */
            outputs?: {
                [key: string]: unknown;
            };
            /** @description Id of the Pipeline */
            pipeline_id: string;
            /** @description Id of the version of the Pipeline */
            pipeline_version: string;
            /** @description Id of the run */
            run_id: string;
            /** @description queued, executing, succeeded, failed, cancelled or skipped */
            status: string;
            /** @description Why, for people */
            status_message: string;
            /**
             * Format: int64
             * @description How long it may take from when it began
             */
            timeout_seconds: number;
            /**
             * Format: date-time
             * @description When something of it changed last
             */
            updated_at: string;
            /** @description What its step waits for */
            waiting_for?: string;
        };
        PipelineReference: {
            /** @description Id of the pipeline */
            id: string;
            /** @description Key of the job */
            job_id: string;
            /** @description Id of the run */
            run_id: string;
            /**
             * Format: int64
             * @description Position of the step in the job, from 0
             */
            step_index: number;
        };
        PipelineRun: {
            /** @description Id of the Application */
            app_id: string;
            /**
             * Format: date-time
             * @description When its end was asked for
             */
            cancellation_requested_at?: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            completed_at?: string;
            /** @description Runs of one group in an Application run one after another */
            concurrency_group?: string;
            /**
             * Format: date-time
             * @description When it was asked for
             */
            created_at: string;
            /** @description Id of the user who asked for it; UNKNOWN when nobody did */
            created_by: string;
            /** @description Environments that the run has to do with, so far */
            env_ids: string[];
            /** @description Entity tag, for If-Match */
            etag: string;
            /**
             * Format: date-time
             * @description When it began
             */
            executing_at?: string;
            /** @description Id of the run */
            id: string;
            /** @description Inputs, with defaults */
            inputs: {
                [key: string]: unknown;
            };
            /** @description Id of the organization */
            org_id: string;
            /** @description Run whose step called it */
            parent_run_id?: string;
            /** @description Id of the Pipeline */
            pipeline_id: string;
            /** @description Id of the version of the Pipeline that is run */
            pipeline_version: string;
            /** @description Run that it repeats */
            restarted_from?: string;
            /** @description Id of the user, or service user of the Pipeline, whose permissions it has */
            run_as: string;
            /** @description queued, executing, succeeded, failed or cancelled */
            status: string;
            /** @description Why, for people */
            status_message: string;
            /**
             * Format: int64
             * @description How long it may take from when it began
             */
            timeout_seconds: number;
            /** @description What started it: deployment_request, pipeline_call, artefact or schedule */
            trigger: string;
            /** @description What its jobs wait for, by job */
            waiting_for: {
                [key: string]: string;
            };
            /** @description Id of its workflow in Temporal */
            workflow_id?: string;
        };
        PipelineRunByCriteria: {
            /** @description Why */
            comment?: string;
            /** @description Delta to deploy */
            delta_id?: string;
            /** @description Deployment to repeat */
            deployment_id?: string;
            /** @description Id of the Environment */
            env_id?: string;
            /** @description Older name of env_id */
            environment?: string;
            /** @description full or incremental */
            mode?: string;
            /** @description Deployment Set to deploy */
            set_id?: string;
            /** @description deployment_request */
            trigger: string;
            /** @description Version of the Shared Values */
            value_set_version_id?: string;
        };
        PipelineRunCreate: {
            /** @description Inputs, as the Pipeline's trigger pipeline_call declares them */
            inputs: {
                [key: string]: unknown;
            };
        };
        PipelineStep: {
            /**
             * Format: date-time
             * @description When it ended
             */
            completed_at?: string;
            /**
             * Format: date-time
             * @description When it began
             */
            created_at: string;
            /**
             * Format: int64
             * @description Place in the job, from 0
             */
            index: number;
            /** @description Name of the step */
            name: string;
            /** @description Outputs of the step; secrets are replaced */
            outputs?: {
                [key: string]: unknown;
            };
            /** @description What it has to do with: env_id, deployment_id, ... */
            related_entities: {
                [key: string]: string;
            };
            /** @description executing, succeeded, failed, cancelled or skipped */
            status: string;
            /** @description Why, for people */
            status_message: string;
            /**
             * Format: int64
             * @description How long it may take
             */
            timeout_seconds: number;
            /** @description Action that it carries out */
            uses: string;
        };
        PipelineStepLog: {
            /**
             * Format: date-time
             * @description When it was written
             */
            at: string;
            /** @description INFO, WARN or ERROR */
            level: string;
            /** @description Text; secrets are replaced */
            message: string;
        };
        PipelineVersion: {
            /** @description Application */
            app_id: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            created_at: string;
            /** @description User who made it */
            created_by: string;
            /** @description UUID of the version */
            id: string;
            /** @description Organization */
            org_id: string;
            /** @description The Pipeline */
            pipeline_id: string;
        };
        PlainDelta: {
            modules: components["schemas"]["DeltaChanges"];
            shared: {
                from?: string;
                /** @enum {string} */
                op: "add" | "remove" | "replace";
                path: string;
                value?: unknown;
            }[];
            workloads?: components["schemas"]["DeltaChanges"];
        };
        PlainError: {
            /** @description What is wrong, with which thing, and what to do */
            error: string;
        };
        PlanDeploymentRequest: {
            /** @description Delta to apply to the environment's base */
            delta_id?: string;
            /** @description Deployment Set to deploy; ignored with delta_id */
            set_id?: string;
            /** @description Version of the Shared Values to use; the latest when absent or null */
            value_set_version_id?: string;
        };
        PlannedAttribute: {
            /** @description JSON pointer */
            path: string;
            /** @description Its values are secret */
            sensitive?: boolean;
        };
        PlannedChange: {
            /** @description create, update, replace, delete */
            action: string;
            /** @description The object in the driver's words, such as a Terraform address */
            address: string;
            /** @description What would differ; at most 100 */
            attributes: components["schemas"]["PlannedAttribute"][];
            /** @description Its kind, such as a Terraform resource type */
            kind?: string;
        };
        PlannedNode: {
            /** @description The first 200 changes */
            changes: components["schemas"]["PlannedChange"][];
            /** @description Resource Class */
            class: string;
            /** @description Changes by action */
            counts: {
                [key: string]: number;
            };
            /** @description Driver that does the work */
            driver_type: string;
            /** @description Globally unique id; of a new resource the one it will have */
            guresid: string;
            /** @description Resource id */
            id: string;
            /** @description Why it is deferred or failed */
            reason?: string;
            /**
             * @description computed: the driver only computes; planned: exactly the changes shown are applied; deferred: nobody can say yet; failed: so would the deployment
             * @enum {string}
             */
            state: "computed" | "planned" | "deferred" | "failed";
            /** @description One line of the driver */
            summary?: string;
            /** @description Resource Type */
            type: string;
            /** @description The driver would change nothing, outputs included */
            unchanged: boolean;
        };
        PlannedObject: {
            /** @description API version; empty for what is no Kubernetes object */
            api_version: string;
            /** @description The fields that differ */
            changes: components["schemas"]["FieldChange"][];
            /** @description What brought it: a workload or a resource */
            from: string;
            /** @description Kind of the object; of a resource the driver's, such as a Terraform resource type */
            kind: string;
            /** @description Why it could not be looked at */
            message?: string;
            /** @description Name; of a resource the driver's, such as a Terraform address */
            name: string;
            /** @description Namespace */
            namespace?: string;
            /** @description Where it is: kubernetes, or the driver type of a resource */
            source: string;
            /**
             * @description How it differs
             * @enum {string}
             */
            state: "added" | "removed" | "changed" | "missing" | "unknown";
            /** @description JSON pointers of fields whose values are known only when resources were made */
            unknown: string[];
        };
        PlannedPolicies: {
            /** @description Why it would be denied, by policy */
            denials: components["schemas"]["PolicyDenial"][];
            /** @description Who would have to agree, by policy */
            requirements: components["schemas"]["PolicyRequirement"][];
            /**
             * @description Whether the deployment would go on by itself
             * @enum {string}
             */
            verdict: "allowed" | "approval" | "denied";
        };
        PlannedResource: {
            /**
             * @description What would be done
             * @enum {string}
             */
            action: "create" | "update" | "in_place" | "replace" | "take_back" | "remove" | "keep";
            /** @description Resource Class */
            class: string;
            /** @description What is destroyed once the deployment has succeeded */
            destroys: components["schemas"]["DestroyedResource"][];
            /** @description Definition that made it */
            from_def: string;
            /** @description Version that made it */
            from_def_version_id: string;
            /** @description Driver that made it */
            from_driver_type: string;
            /** @description Globally unique id of what is there; absent when it does not exist */
            guresid?: string;
            /** @description Resource id */
            id: string;
            /** @description Why, in words; empty when it is kept */
            reason: string;
            /** @description Definition that will make it */
            to_def: string;
            /** @description Version that will make it */
            to_def_version_id: string;
            /** @description Driver that will make it */
            to_driver_type: string;
            /** @description Resource Type */
            type: string;
        };
        PlannedSetChanges: {
            modules: components["schemas"]["DeltaChanges"];
            /** @description Changes of shared resources */
            shared: {
                from?: string;
                /** @enum {string} */
                op: "add" | "remove" | "replace";
                path: string;
                value?: unknown;
            }[];
            workloads?: components["schemas"]["DeltaChanges"];
        };
        PlanOfPolicies: {
            /** @description Application */
            app_id: string;
            /** @description Environment */
            env_id: string;
            /** @description Plan */
            plan_id: string;
        };
        PlatformPublicKey: {
            /** @description Whether it is in use */
            active: boolean;
            /**
             * Format: date-time
             * @description When it was made
             */
            created_at: string;
            /** @description The key, PEM */
            pub_key: string;
        };
        Policy: {
            /**
             * Format: int64
             * @description How many people have to agree, 1 to 10; 1 when absent; not with deny
             */
            approvals?: number;
            /**
             * Format: date-time
             * @description When it was made
             */
            created_at: string;
            /** @description Who made it */
            created_by: string;
            /** @description How long a deployment waits for the approvals, such as 30m, 8h or 2d; 1m to 7d, 1h when absent; not with deny */
            deadline?: string;
            /**
             * @description What it does when the condition holds
             * @enum {string}
             */
            effect: "deny" | "approve";
            /** @description Whether the approval of who asked for the deployment does not count */
            exclude_proposer?: boolean;
            /** @description Id */
            id: string;
            /** @description What people are told */
            message?: string;
            /** @description Roles that may agree, of the organization, the Application or the Environment Type; absent is whoever may deploy */
            roles?: string[];
            /**
             * Format: date-time
             * @description When it was changed last
             */
            updated_at: string;
            /** @description Who changed it last */
            updated_by: string;
            /** @description Condition in CEL over plan, env and proposer, of type bool */
            when: string;
        };
        PolicyCheck: {
            /** @description Why it would be denied, by policy */
            denials: components["schemas"]["PolicyDenial"][];
            input?: components["schemas"]["PolicyInput"];
            /** @description What is wrong with the policies that were given */
            problems: components["schemas"]["PolicyProblem"][];
            /** @description Who would have to agree, by policy */
            requirements: components["schemas"]["PolicyRequirement"][];
            /**
             * @description Whether the deployment would go on by itself
             * @enum {string}
             */
            verdict: "allowed" | "approval" | "denied";
        };
        PolicyDenial: {
            /** @description Whether the policy cannot be evaluated, which denies */
            broken?: boolean;
            /** @description Why */
            message: string;
            /** @description Id of the policy */
            policy: string;
        };
        PolicyEnv: {
            /** @description Application */
            app: string;
            /** @description Environment */
            id: string;
            /** @description Organization */
            org: string;
            /** @description Environment Type */
            type: string;
        };
        PolicyInput: {
            env: components["schemas"]["PolicyEnv"];
            plan: components["schemas"]["PolicyPlan"];
            proposer: components["schemas"]["PolicyProposer"];
        };
        PolicyPlan: {
            /** @description Their driver is called with something else, or another one takes them over in place */
            changed: components["schemas"]["PolicyResource"][];
            /** @description Made for the first time */
            created: components["schemas"]["PolicyResource"][];
            /** @description Destroyed once the deployment has succeeded */
            destroyed: components["schemas"]["PolicyResource"][];
            /** @description Nothing asks for them any more; they stay until they are deleted */
            removed: components["schemas"]["PolicyResource"][];
            /** @description Another definition or driver makes a new one */
            replaced: components["schemas"]["PolicyResource"][];
            /** @description Keys of Shared Values that differ from those of the last deployment */
            values: string[];
            workloads: components["schemas"]["PolicyWorkloads"];
        };
        PolicyProblem: {
            /**
             * Format: int64
             * @description Column, from 1; 0 when it is about all of it
             */
            column: number;
            /** @description Field; empty when it is about none */
            field: string;
            /**
             * Format: int64
             * @description Line of the field, from 1; 0 when it is about all of it
             */
            line: number;
            /** @description What is wrong */
            message: string;
            /** @description Id of the policy */
            policy: string;
        };
        PolicyProposer: {
            /** @description User id */
            id: string;
        };
        PolicyRequirement: {
            /**
             * Format: int64
             * @description How many people have to agree
             */
            approvals: number;
            /** @description Whether the approval of who asked does not count */
            exclude_proposer?: boolean;
            /** @description What people are told */
            message: string;
            /**
             * Format: int64
             * @description How many are missing
             */
            missing: number;
            /** @description Id of the policy */
            policy: string;
            /** @description Roles that may agree; empty is whoever may deploy to the Environment */
            roles: string[];
            /**
             * Format: date-time
             * @description When the time to approve ends; absent while nothing waits
             */
            until?: string;
        };
        PolicyResource: {
            /** @description Resource Class */
            class: string;
            /** @description Definition */
            def: string;
            /** @description Driver */
            driver: string;
            /** @description Resource id */
            id: string;
            /** @description Resource Type */
            type: string;
        };
        PolicyRule: {
            /**
             * Format: int64
             * @description How many people have to agree, 1 to 10; 1 when absent; not with deny
             */
            approvals?: number;
            /** @description How long a deployment waits for the approvals, such as 30m, 8h or 2d; 1m to 7d, 1h when absent; not with deny */
            deadline?: string;
            /**
             * @description What it does when the condition holds
             * @enum {string}
             */
            effect: "deny" | "approve";
            /** @description Whether the approval of who asked for the deployment does not count */
            exclude_proposer?: boolean;
            /** @description What people are told */
            message?: string;
            /** @description Roles that may agree, of the organization, the Application or the Environment Type; absent is whoever may deploy */
            roles?: string[];
            /** @description Condition in CEL over plan, env and proposer, of type bool */
            when: string;
        };
        PolicyTest: {
            /** @description Why it would be denied, by policy */
            denials: components["schemas"]["PolicyDenial"][];
            input: components["schemas"]["PolicyInput"];
            /** @description Why the deployment would fail anyway */
            problems: string[];
            /** @description Who would have to agree, by policy */
            requirements: components["schemas"]["PolicyRequirement"][];
            /**
             * @description Whether the deployment would go on by itself
             * @enum {string}
             */
            verdict: "allowed" | "approval" | "denied";
        };
        PolicyWorkloads: {
            /** @description Added */
            added: string[];
            /** @description Changed */
            changed: string[];
            /** @description Removed */
            removed: string[];
        };
        PreviewRule: {
            /** @description Environment that previews start from */
            base_env: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            created_at: string;
            /** @description Who made it */
            created_by: string;
            /** @description Id */
            id: string;
            /** @description They end when nothing was deployed to them for so long; 0s is never */
            idle_after: string;
            /** @description Regular expression on refs/heads/<branch> */
            match_ref: string;
            /**
             * @description What becomes of one whose first deployment fails
             * @enum {string}
             */
            on_failure: "keep" | "teardown";
            /** @description Their time to live; 0s is no end by time */
            ttl: string;
            /** @description Environment Type of previews */
            type: string;
            /** @description How long before the end the event environment.expiring is sent */
            warn_before: string;
        };
        Promotion: {
            /** @description Deployment Set that the target had, or was about to have */
            base_set_id: string;
            /**
             * Format: date-time
             * @description When its end was asked for
             */
            cancel_requested_at?: string;
            /** @description Comment of the deployment */
            comment: string;
            /**
             * Format: date-time
             * @description When it was asked for
             */
            created_at: string;
            /** @description Who asked */
            created_by: string;
            /**
             * Format: date-time
             * @description When its deployment must be over
             */
            deadline_at: string;
            /** @description The deployment to the target */
            deployment_id?: string;
            diff?: components["schemas"]["PlainDelta"];
            /** @description What happened, oldest first */
            events: components["schemas"]["PromotionEvent"][];
            /**
             * Format: date-time
             * @description When it was over
             */
            finished_at?: string;
            /** @description Deployment that is promoted */
            from_deploy_id: string;
            /** @description Environment that it came from, when one was named */
            from_env?: string;
            /** @description Id; absent in the answer to a dry run */
            id?: string;
            /** @description Why it did not succeed */
            message?: string;
            /**
             * @description What is being done
             * @enum {string}
             */
            phase: "approval" | "deploy" | "soak" | "rollback" | "done";
            /** @description The deployment that takes it back */
            roll_back_deployment_id?: string;
            /** @description Whether what ran before is deployed again when it fails or is cancelled */
            roll_back_on_failure: boolean;
            /** @description Deployment Set that is deployed */
            set_id: string;
            /**
             * Format: int64
             * @description How long the target has to stay healthy
             */
            soak_seconds: number;
            /**
             * Format: date-time
             * @description When the soak time ends or ended
             */
            soak_until?: string;
            /**
             * @description How far it is
             * @enum {string}
             */
            status: "in progress" | "succeeded" | "failed" | "cancelled";
            /** @description Environment that it is promoted to */
            to_env: string;
            /** @description Id of its workflow in Temporal; absent in the answer to a dry run */
            workflow_id?: string;
            /** @description Workloads that are promoted; empty is all */
            workloads: string[];
        };
        PromotionEvent: {
            /**
             * Format: date-time
             * @description When
             */
            at: string;
            /** @description What happened */
            message: string;
            /** @description Phase from then on */
            phase: string;
            /**
             * Format: int64
             * @description Number, from 1
             */
            seq: number;
            /** @description Status from then on */
            status: string;
        };
        PromotionPath: {
            /** @description Stations, first to last */
            steps: components["schemas"]["PromotionStation"][];
        };
        PromotionStation: {
            /** @description Environment */
            env?: string;
            /** @description Environments that are there now */
            environments: string[];
            /** @description Environment Type */
            type?: string;
        };
        PromotionStep: {
            /** @description Environment */
            env?: string;
            /** @description Environment Type */
            type?: string;
        };
        Provision: {
            /** @description The provisioned resource depends on this one */
            is_dependent: boolean;
            /** @description What depends on this one depends on the provisioned resource too */
            match_dependents: boolean;
            /** @description Parameters of the provisioned resource */
            params?: {
                [key: string]: unknown;
            };
        };
        PublicKey: {
            /**
             * Format: date-time
             * @description When it was added
             */
            created_at: string;
            /** @description Id of the user who added it */
            created_by: string;
            /**
             * Format: date-time
             * @description When it should be replaced: two years later
             */
            expired_at: string;
            /** @description SHA-256 of the key in DER, hexadecimal */
            fingerprint: string;
            /** @description Id of the key */
            id: string;
            /** @description The key, as it came */
            key: string;
        };
        Push: {
            /** @description UUID of the Artefact Version */
            artefact_version_id: string;
            /** @description Commit it was built from */
            commit: string;
            /**
             * Format: date-time
             * @description When it was pushed
             */
            created_at: string;
            /** @description Deployment that brings it */
            deployment_id?: string;
            /**
             * Format: date-time
             * @description When it was decided on
             */
            handled_at?: string;
            /** @description UUID */
            id: string;
            /** @description The image with tag and digest */
            image: string;
            /** @description Why it was ignored or failed, or what it waits for */
            reason?: string;
            /** @description What it was built from */
            ref: string;
            /** @description Rule that let it through */
            rule_id: string;
            /**
             * @description What became of it
             * @enum {string}
             */
            status: "pending" | "deployed" | "ignored" | "failed";
        };
        Question: {
            /** @description What was under way: create or replace */
            action: string;
            /** @description Terraform address of the object */
            address: string;
            /** @description Deployment it belonged to */
            deployment_id: string;
            /** @description What the provider was asked for, without secrets */
            inputs?: {
                [key: string]: unknown;
            };
            /** @description Resource key type.class#id */
            node: string;
            /** @description Run that stopped */
            run_id: string;
            /** @description What is known */
            why: string;
        };
        Queue: {
            /** @description Unfinished deployments, the one that runs or is next first */
            deployments: components["schemas"]["Deployment"][];
            /**
             * @description The queue policy of the environment
             * @enum {string}
             */
            policy: "queue" | "supersede" | "reject" | "freeze";
        };
        QueuePolicy: {
            /**
             * @description queue: wait in line; supersede: replace those that wait; reject: answer 409; freeze: accept nothing
             * @enum {string}
             */
            policy: "queue" | "supersede" | "reject" | "freeze";
        };
        ReceivedAnswer: {
            /** @description What was done, or why nothing was */
            reason?: string;
            /** @description done, ignored, pending, failed, or pong */
            status: string;
        };
        Receiver: {
            /** @description Application */
            app_id: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            created_at: string;
            /** @description Who made it */
            created_by: string;
            /** @description Id; it is a part of the address */
            id: string;
            /** @description Path of the address that is sent to, below that of the API */
            path: string;
            /** @description The only repository that is listened to */
            repository?: string;
            /** @description The preview rule whose Environments come and go */
            rule_id: string;
            /** @description The secret; only in the answer to its creation */
            secret?: string;
            /**
             * @description Who sends
             * @enum {string}
             */
            vendor: "github" | "gitlab";
        };
        ReceiverDelivery: {
            /** @description Branch */
            branch?: string;
            /** @description Commit */
            commit?: string;
            /**
             * Format: date-time
             * @description When it came
             */
            created_at: string;
            /** @description The Environment of the branch */
            env_id?: string;
            /** @description What happened, as the sender calls it */
            event: string;
            /**
             * Format: date-time
             * @description When it was over
             */
            finished_at?: string;
            /** @description The sender's id of it */
            id: string;
            /** @description What was done, or why nothing was */
            reason?: string;
            /**
             * @description What became of it
             * @enum {string}
             */
            status: "pending" | "done" | "ignored" | "failed";
        };
        RedeemCodeRequest: {
            /** @description What the browser brought */
            code: string;
            /** @description PKCE verifier whose challenge the sign-in was begun with */
            verifier: string;
        };
        Registry: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Whether CI may read the credentials */
            enable_ci: boolean;
            /** @description Id of the registry */
            id: string;
            /** @description Domain, or domain and path */
            registry: string;
            /** @description Secrets in clusters, by cluster; * is any */
            secrets?: {
                [key: string]: components["schemas"]["ClusterSecret"];
            };
            /** @description public, basic, google_gcr, amazon_ecr or secret_ref */
            type: string;
        };
        RegistryCreds: {
            /**
             * Format: date-time
             * @description When they end
             */
            expires?: string;
            /** @description Password or token */
            password?: string;
            /** @description Domain, or domain and path */
            registry: string;
            /** @description Secrets in clusters, by cluster; * is any */
            secrets?: {
                [key: string]: components["schemas"]["ClusterSecret"];
            };
            /** @description User */
            username?: string;
        };
        RegistryRequest: {
            creds?: components["schemas"]["AccountCreds"];
            /** @description Let CI read the credentials */
            enable_ci?: boolean;
            /** @description Id of the registry */
            id: string;
            /** @description Domain, or domain and path */
            registry: string;
            /** @description Secrets in clusters, by cluster; * is any */
            secrets?: {
                [key: string]: components["schemas"]["ClusterSecret"];
            };
            /** @description public, basic, google_gcr, amazon_ecr or secret_ref */
            type: string;
        };
        ResourceAccount: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Id of the account */
            id: string;
            /** @description Whether a Resource Definition or an active resource refers to it */
            is_used: boolean;
            /** @description Display name */
            name: string;
            /** @description Type of the account */
            type: string;
        };
        ResourceAccountCheck: {
            /** @description Whose account it is */
            identity_fields: components["schemas"]["ResourceAccountField"][];
            /** @description What to know about it */
            warnings: string[];
        };
        ResourceAccountField: {
            /** @description What it is */
            description: string;
            /** @description Name of the field */
            id: string;
            /** @description Its value */
            value: string;
        };
        ResourceAccountType: {
            /** @description JSON Schema of the credentials */
            inputs_schema: {
                [key: string]: unknown;
            };
            /** @description Display name */
            name: string;
            /** @description JSON Schema of what drivers get */
            outputs_schema: {
                [key: string]: unknown;
            };
            /** @description Id of the type */
            type: string;
        };
        ResourceCandidate: {
            /** @description Whether it won */
            chosen: boolean;
            criteria: components["schemas"]["MatchingCriteria"];
            /** @description Resource Definition */
            def_id: string;
            /** @description Version of the definition */
            def_version_id: string;
            /** @description Supplied with Slipway */
            is_default: boolean;
            /** @description Whether it matches */
            matches: boolean;
            /** @description Why it won or lost, in words */
            verdict: string;
        };
        ResourceClass: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description When to use it */
            description: string;
            /** @description Id of the class */
            id: string;
            /** @description Resource Type it belongs to */
            resource_type: string;
        };
        ResourceDefinition: {
            /** @description Version in use */
            active_version_id: string;
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Matching Criteria */
            criteria?: components["schemas"]["MatchingCriteria"][];
            /** @description Resource Account the driver uses */
            driver_account?: string;
            driver_inputs?: components["schemas"]["DriverInputs"];
            /** @description Driver: <org>/<driver> */
            driver_type: string;
            /** @description Id of the definition */
            id: string;
            /** @description Hand existing resources to a new driver instead of making new ones */
            in_place_driver_change: boolean;
            /** @description Used when nothing else matches */
            is_default: boolean;
            /** @description Deleted, but resources of it still exist */
            is_deleted: boolean;
            /** @description Display name */
            name: string;
            /** @description Organization it belongs to */
            org_id: string;
            /** @description Resources that are provisioned along */
            provision?: {
                [key: string]: components["schemas"]["Provision"];
            };
            /** @description Resource Type it provisions */
            type: string;
            /**
             * Format: date-time
             * @description When it last changed
             */
            updated_at?: string;
            /** @description Id of the user who changed it */
            updated_by?: string;
        };
        ResourceDefinitionVersion: {
            /**
             * @description What made this version
             * @enum {string}
             */
            action: "created" | "updated" | "deleted";
            /** @description In use */
            active: boolean;
            /** @description Archived versions cannot become active */
            archived: boolean;
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Resource Definition */
            def_id: string;
            /** @description Resource Account the driver uses */
            driver_account: string;
            driver_inputs: components["schemas"]["DriverInputs"];
            /** @description Driver: <org>/<driver> */
            driver_type: string;
            /** @description UUID */
            id: string;
            /** @description Hand existing resources to a new driver instead of making new ones */
            in_place_driver_change: boolean;
            /** @description Display name */
            name: string;
            /** @description Organization it belongs to */
            org_id: string;
            /** @description Not in use yet */
            proposed: boolean;
            /** @description Resources that are provisioned along */
            provision: {
                [key: string]: components["schemas"]["Provision"];
            };
            /** @description Resource Type it provisions */
            type: string;
        };
        ResourceDependency: {
            /** @description Resource Class */
            class: string;
            /** @description Resource id */
            id: string;
            /** @description Why it is needed */
            reasons: components["schemas"]["DependencyReason"][];
            /** @description Resource Type */
            type: string;
        };
        ResourceExplanation: {
            /**
             * @description What a deployment would do now; absent of a deployment that was planned
             * @enum {string}
             */
            action?: "create" | "update" | "in_place" | "replace" | "take_back";
            /** @description Who asked for it */
            asked_by: components["schemas"]["ResourceOrigin"][];
            /** @description Definitions of the type that were compared, best first */
            candidates: components["schemas"]["ResourceCandidate"][];
            /** @description Why this definition, in words */
            chosen: string;
            /** @description Resource Class */
            class: string;
            /** @description Matching Criterion that won */
            criteria_id?: string;
            /** @description Resource Definition that was chosen */
            def_id?: string;
            /** @description Version of the definition */
            def_version_id?: string;
            /** @description What needs it */
            dependents: components["schemas"]["ResourceReferenceTo"][];
            /** @description What it needs, and why */
            depends_on: components["schemas"]["ResourceDependency"][];
            /** @description Resource Account, as the definition has it */
            driver_account?: string;
            /** @description Driver */
            driver_type?: string;
            /** @description Globally unique id of what is in use now; absent when it does not exist */
            guresid?: string;
            /** @description Resource id */
            id: string;
            /** @description Definitions and versions of the type that take no part today; only when a type is asked for */
            notes: string[];
            /** @description How it went in the deployment */
            status?: string;
            /** @description Resource Type */
            type: string;
        };
        ResourceExplanations: {
            /** @description Stored resource graph of the deployment */
            dependency_graph_id?: string;
            /** @description Deployment that was planned; absent when nothing was deployed */
            deployment_id?: string;
            /** @description Why there is no graph */
            problems: string[];
            /** @description Dependencies first */
            resources: components["schemas"]["ResourceExplanation"][];
            /** @description Deployment Set */
            set_id: string;
            /** @description What is legal but may not be meant */
            warnings: string[];
        };
        ResourceImpact: {
            /**
             * @description What would be done
             * @enum {string}
             */
            action: "create" | "update" | "in_place" | "replace" | "take_back" | "remove" | "unmatched" | "idle";
            /** @description Resource Class */
            class: string;
            /** @description Definition it has */
            from_def: string;
            /** @description Version it has */
            from_def_version_id: string;
            /** @description Driver it has */
            from_driver_type: string;
            /** @description Globally unique id; absent when it does not exist */
            guresid?: string;
            /** @description Resource id */
            id: string;
            /** @description What differs, in words */
            reason: string;
            /** @description Definition it would get; empty when none matches */
            to_def: string;
            /** @description Version it would get; of no version yet when the change is not stored */
            to_def_version_id: string;
            /** @description Driver it would get */
            to_driver_type: string;
            /** @description Resource Type */
            type: string;
        };
        ResourceInput: {
            /** @description Resource Class */
            class?: string;
            /** @description Resource id */
            id: string;
            /** @description Parameters of the resource */
            resource?: {
                [key: string]: unknown;
            };
            /** @description Resource Type */
            type: string;
        };
        ResourceOrigin: {
            by?: components["schemas"]["ResourceReferenceTo"];
            /** @description Id in the set, placeholder, or key of the provision entry */
            detail?: string;
            /**
             * @description How it was asked for
             * @enum {string}
             */
            kind: "workload" | "shared" | "external" | "implicit" | "request" | "reference" | "provision" | "selector";
            /** @description The same in words */
            text: string;
        };
        ResourceReferenceTo: {
            /** @description Resource Class */
            class: string;
            /** @description Resource id */
            id: string;
            /** @description Resource Type */
            type: string;
        };
        ResourceRequest: {
            /** @description Resource Class; default when absent */
            class?: string;
            /** @description Resource id */
            id: string;
            /** @description Parameters of the resource */
            resource?: {
                [key: string]: unknown;
            };
            /** @description Resource Type */
            type: string;
        };
        ResourceType: {
            /** @description Category, for display */
            category: string;
            /** @description JSON Schema of the parameters */
            inputs_schema: {
                [key: string]: unknown;
            };
            /** @description Display name */
            name: string;
            /** @description JSON Schema of the outputs */
            outputs_schema: {
                [key: string]: unknown;
            };
            /** @description Id: a built-in name or <org>/<name> */
            type: string;
            /**
             * @description How resources of the type come about
             * @enum {string}
             */
            use: "direct" | "indirect" | "implicit";
        };
        RetentionChange: {
            /** @description When: five fields, in time_zone */
            cron?: string;
            /** @description Old records are deleted by the clock */
            enabled?: boolean;
            /** @description By kind of record; kinds that are absent stay as they are */
            rules?: {
                [key: string]: components["schemas"]["RetentionRule"];
            };
            /** @description Time zone of the IANA database */
            time_zone?: string;
        };
        RetentionResult: {
            /**
             * Format: date-time
             * @description Older ones were looked for
             */
            before: string;
            /** @description All of this kind were looked at */
            done: boolean;
            /**
             * Format: int64
             * @description How many were deleted, or, of a dry run, would be
             */
            found: number;
            /** @description Kind of record */
            kind: string;
        };
        RetentionRule: {
            /** @description How long, such as 90d; 0 = for ever */
            for: string;
            /**
             * Format: int64
             * @description So many stay however old they are: of each Environment, pipeline or resource
             */
            newest?: number;
        };
        RetentionRun: {
            /**
             * @description What caused it
             * @enum {string}
             */
            cause: "request" | "schedule";
            /**
             * Format: date-time
             * @description Begin
             */
            created_at: string;
            /** @description Who asked for it */
            created_by: string;
            /** @description Nothing was deleted */
            dry_run: boolean;
            /**
             * Format: date-time
             * @description End
             */
            finished_at?: string;
            /** @description Id */
            id: string;
            /** @description Why it failed */
            message?: string;
            /** @description Kind of record that it is at */
            phase?: string;
            /** @description What it found so far */
            results: components["schemas"]["RetentionResult"][];
            /**
             * @description Status
             * @enum {string}
             */
            status: "running" | "succeeded" | "failed";
        };
        RetentionRunRequest: {
            /** @description Count what would be deleted, and delete nothing */
            dry_run?: boolean;
        };
        RetentionSettings: {
            /** @description When: five fields, in time_zone */
            cron: string;
            /** @description Old records are deleted by the clock */
            enabled: boolean;
            /** @description By kind of record */
            rules: {
                [key: string]: components["schemas"]["RetentionRule"];
            };
            /** @description Time zone of the IANA database */
            time_zone: string;
        };
        RoleRequest: {
            /** @description New role on the object */
            role: string;
        };
        Runtime: {
            /** @description Why there is nothing to see: never deployed, delivered to a repository, the cluster does not answer */
            message?: string;
            /** @description Workloads */
            modules: {
                [key: string]: components["schemas"]["RuntimeModule"];
            };
            /** @description Namespace in the cluster; empty when there is none */
            namespace: string;
            /** @description What could not be looked at */
            notes?: string[];
            /** @description Controllers that resources have brought, by kind and name */
            others?: {
                [key: string]: components["schemas"]["RuntimeController"];
            };
            /** @description All Deployments have no replicas */
            paused: boolean;
            /** @description State of all workloads: Running, Succeeded, Starting, Partially Succeeded, Failed, Stopped or Unknown */
            status: string;
            /** @description Success, Warning, Failure, Stopped or Unknown */
            status_class: string;
        };
        RuntimeContainerState: {
            running?: components["schemas"]["RuntimeRunning"];
            terminated?: components["schemas"]["RuntimeTerminated"];
            waiting?: components["schemas"]["RuntimeWaiting"];
        };
        RuntimeContainerStatus: {
            /** @description Image */
            image?: string;
            /** @description It prepares the pod */
            init?: boolean;
            last_state?: components["schemas"]["RuntimeContainerState"];
            /** @description Name */
            name: string;
            /** @description It takes traffic */
            ready: boolean;
            /**
             * Format: int64
             * @description How often it was started again
             */
            restart_count: number;
            /**
             * Format: int64
             * @description As restart_count; the published document names both
             */
            restartCount: number;
            state: components["schemas"]["RuntimeContainerState"];
            /** @description Failure, Success, Pending or Unknown */
            status: string;
        };
        RuntimeController: {
            /**
             * Format: int64
             * @description Pods that are wanted
             */
            desired_replicas: number;
            /** @description Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet or Pod */
            kind: string;
            /** @description Why it is not as it should be */
            message?: string;
            /** @description Name in the cluster */
            name: string;
            /** @description Its rollout is paused, or it is suspended */
            paused?: boolean;
            /** @description Its pods, youngest first */
            pods: components["schemas"]["RuntimePod"][];
            /**
             * Format: int64
             * @description Pods that are ready
             */
            ready_replicas: number;
            /** @description Why it is not as it should be, the most telling first */
            reasons?: components["schemas"]["RuntimeReason"][];
            /**
             * Format: int64
             * @description Pods that there are
             */
            replicas: number;
            /**
             * Format: int64
             * @description Revision of its rollout
             */
            revision?: number;
            /** @description As of the Environment */
            status: string;
        };
        RuntimeControllerV1: {
            /** @description Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet or Pod */
            kind: string;
            /** @description Why it is not as it should be */
            message: string;
            /** @description Its pods */
            pods: components["schemas"]["RuntimePodV1"][];
            /**
             * Format: int64
             * @description Pods that are wanted
             */
            replicas: number;
            /**
             * Format: int64
             * @description Revision of its rollout; 0 when it has none
             */
            revision: number;
            /** @description Success, Warning, Failure, Stopped or Unknown */
            status: string;
        };
        RuntimeEvent: {
            /**
             * Format: date-time
             * @description When it was last seen
             */
            at: string;
            /**
             * Format: int64
             * @description How often it was seen
             */
            count: number;
            /** @description Kind of the object */
            kind: string;
            /** @description In words, without secrets */
            message: string;
            /** @description Name of the object */
            object: string;
            /** @description In one word */
            reason: string;
            /** @description kubernetes or slipway */
            source: string;
            /** @description Normal or Warning */
            type: string;
            /** @description Workload that the object belongs to */
            workload_id?: string;
        };
        RuntimeEvents: {
            /** @description Newest first */
            events: components["schemas"]["RuntimeEvent"][];
            /** @description Why the cluster tells nothing */
            message?: string;
        };
        RuntimeModule: {
            /** @description Controllers by name; by kind and name where a name occurs twice */
            controllers: {
                [key: string]: components["schemas"]["RuntimeController"];
            };
            /** @description Why it is not as it should be */
            message?: string;
            /** @description As of the Environment */
            status: string;
            /** @description As of the Environment */
            status_class: string;
        };
        RuntimePod: {
            /** @description Its containers, those that prepare it first */
            containerStatuses: components["schemas"]["RuntimeContainerStatus"][];
            /** @description Node that has it */
            node?: string;
            /** @description Pending, Running, Succeeded, Failed or Unknown */
            phase: string;
            /** @description Name */
            podName: string;
            /** @description Why it is not as it should be */
            reasons?: components["schemas"]["RuntimeReason"][];
            /**
             * Format: int64
             * @description Revision it belongs to
             */
            revision?: number;
            /**
             * Format: date-time
             * @description When its node took it
             */
            started_at?: string;
            /** @description Failure, Success, Pending or Unknown */
            status: string;
        };
        RuntimePodV1: {
            /** @description Its containers */
            containerStatuses: components["schemas"]["RuntimeContainerStatus"][];
            /** @description Pending, Running, Succeeded, Failed or Unknown */
            phase: string;
            /** @description Name */
            podName: string;
            /**
             * Format: int64
             * @description Revision it belongs to; 0 when unknown
             */
            revision: number;
            /** @description Failure, Success, Pending or Unknown */
            status: string;
        };
        RuntimeReason: {
            /** @description What to try */
            advice?: string;
            /** @description Such as ImagePull, CrashLoop, OutOfMemory, Unschedulable, ReadinessProbe or QuotaExceeded */
            code: string;
            /** @description Container that it is about */
            container?: string;
            /** @description It rarely passes by itself */
            lasting: boolean;
            /** @description In the words of the cluster */
            message: string;
            /** @description Pod that it is about */
            pod?: string;
            /** @description In words, one line */
            summary: string;
        };
        RuntimeRunning: {
            /**
             * Format: date-time
             * @description Since when
             */
            started_at: string;
        };
        RuntimeTerminated: {
            /** @description Id of the run */
            container_id?: string;
            /**
             * Format: int64
             * @description Exit code
             */
            exit_code: number;
            /**
             * Format: date-time
             * @description When it ended
             */
            finished_at?: string;
            /** @description What the program left as its last message */
            message?: string;
            /** @description In one word */
            reason?: string;
            /**
             * Format: int64
             * @description Signal, where the node tells it
             */
            signal: number;
            /**
             * Format: date-time
             * @description When it began
             */
            started_at?: string;
        };
        RuntimeV1: {
            /** @description Why there is nothing to see */
            message?: string;
            /** @description Controllers by workload and name */
            modules: {
                [key: string]: {
                    [key: string]: components["schemas"]["RuntimeControllerV1"];
                };
            };
            /** @description Namespace in the cluster; empty when there is none */
            namespace: string;
        };
        RuntimeWaiting: {
            /** @description In the words of the node */
            message?: string;
            /** @description In one word */
            reason?: string;
        };
        Schedule: {
            /** @description Application; absent for what concerns the Organization */
            app_id?: string;
            /**
             * Format: date-time
             * @description When it happens, once
             */
            at?: string;
            /** @description How late a time that was missed is made up for */
            catch_up: string;
            /** @description Five fields, in time_zone */
            cron?: string;
            /** @description Environment */
            env_id?: string;
            /** @description Time between two runs */
            every?: string;
            /** @description Id, such as drift.shop.production */
            id: string;
            /** @description The workflow engine has it as it is here; otherwise it will within minutes */
            in_sync: boolean;
            /**
             * @description What happens
             * @enum {string}
             */
            kind: "cleanup" | "retention" | "drift" | "pipeline" | "deployment";
            last?: components["schemas"]["ScheduleRun"];
            /**
             * Format: int64
             * @description How many times were too old to be made up for; only of a single schedule
             */
            missed?: number;
            /** @description The next times, soonest first; empty when paused or while the workflow engine is away */
            next: string[];
            /** @description Why it is paused, or was resumed */
            note: string;
            /**
             * @description What becomes of a time that comes while the run before goes on: it is left out, or waits for its end
             * @enum {string}
             */
            overlap: "skip" | "buffer_one";
            /** @description Nothing happens */
            paused: boolean;
            /** @description Pipeline */
            pipeline_id?: string;
            /**
             * Format: int64
             * @description How many times came while the run before went on; only of a single schedule
             */
            skipped?: number;
            /** @description Time zone of the IANA database */
            time_zone?: string;
            /** @description What happens, in words */
            what: string;
        };
        ScheduledDeployment: {
            /**
             * Format: date-time
             * @description When, once
             */
            at?: string;
            /** @description Comment of its deployments */
            comment: string;
            /**
             * Format: date-time
             * @description When it was ordered
             */
            created_at: string;
            /** @description Who ordered it; it is done with the roles that they have then */
            created_by: string;
            /** @description When, again and again: five fields, in time_zone */
            cron?: string;
            /** @description Deployment Delta that is deployed */
            delta_id?: string;
            /** @description Environment that is deployed to */
            env_id: string;
            /** @description Environment whose newest succeeded deployment is deployed, as it is then */
            from_env?: string;
            /** @description Id */
            id: string;
            /**
             * Format: date-time
             * @description The time that was done last
             */
            last_at?: string;
            /** @description The deployment that it made last */
            last_deploy_id?: string;
            /** @description Why it was refused last */
            message?: string;
            /** @description Id of its schedule, which can be paused; there is none when it is over */
            schedule_id: string;
            /** @description Deployment Set that is deployed */
            set_id?: string;
            /**
             * @description What becomes of it
             * @enum {string}
             */
            status: "active" | "done" | "failed" | "missed";
            /** @description Time zone of the IANA database */
            time_zone?: string;
        };
        ScheduleNote: {
            /** @description Why; at most 500 bytes */
            note?: string;
        };
        ScheduleRun: {
            /**
             * Format: date-time
             * @description When it was due
             */
            at: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            closed_at?: string;
            /** @description Id of the run of the workflow */
            run_id: string;
            /**
             * Format: date-time
             * @description When it began
             */
            started_at: string;
            /** @description running, completed, failed, cancelled, terminated, timed out, or forgotten when it was too long ago */
            status?: string;
            /** @description Id of the workflow */
            workflow_id: string;
        };
        SecretReference: {
            /** @description Reference within the store */
            ref?: string;
            /** @description Id of the secret store */
            store?: string;
            /** @description The secret itself */
            value?: string;
            /** @description Version; the latest when absent */
            version?: string;
        };
        SecretStore: {
            awssm?: components["schemas"]["AWSSMSettings"];
            azurekv?: components["schemas"]["AzureKVSettings"];
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            gcpsm?: components["schemas"]["GCPSMSettings"];
            /** @description The built-in store */
            humanitec?: unknown;
            /** @description Id of the store */
            id: string;
            /** @description New secrets are stored there */
            primary: boolean;
            /**
             * Format: date-time
             * @description When it last changed
             */
            updated_at: string;
            /** @description Id of the user who changed it */
            updated_by: string;
            vault?: components["schemas"]["VaultSettings"];
        };
        ServiceUserRequest: {
            /** @description Address of those responsible for it */
            email?: string;
            /** @description Display name */
            name: string;
            /**
             * @description Role in the Organization
             * @enum {string}
             */
            role: "orgViewer" | "artefactContributor" | "member" | "manager" | "administrator";
        };
        Set: {
            /** @description Content hash of the set */
            id: string;
            /** @description Workloads by id: profile, spec, externals, deploy */
            modules: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** @description Shared resources by id */
            shared: {
                [key: string]: unknown;
            };
            /**
             * Format: int64
             * @description Always 0
             */
            version: number;
            /** @description Verbatim Score workloads by id */
            workloads?: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
        };
        SetPromotionPathRequest: {
            /** @description Stations, first to last; none removes the path */
            steps: components["schemas"]["PromotionStep"][];
        };
        SetRequest: {
            /** @description Workloads by id */
            modules?: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** @description Shared resources by id */
            shared?: {
                [key: string]: unknown;
            };
            /** @description Score workloads by id */
            workloads?: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
        };
        StoredPlan: {
            /**
             * Format: date-time
             * @description When it was asked for
             */
            created_at: string;
            /** @description By whom */
            created_by: string;
            /** @description Delta that it was asked for with */
            delta_id?: string;
            /** @description The last deployment that was accepted with it */
            deployment_id?: string;
            /** @description Environment */
            env_id: string;
            /**
             * Format: date-time
             * @description Until when it can be deployed
             */
            expires_at?: string;
            /**
             * Format: date-time
             * @description When it failed, was cancelled, or expired
             */
            finished_at?: string;
            /** @description Id; give it as plan to createDeployment */
            id: string;
            /**
             * Format: date-time
             * @description When it was complete
             */
            made_at?: string;
            manifests?: components["schemas"]["ManifestPlan"];
            /** @description Why it is not ready */
            message?: string;
            /** @description What has changed since it was made, so that its deployment would be refused; only of a single plan that is ready, absent when nothing has */
            moved?: string[];
            /** @description What the driver of each resource would do, dependencies first; empty in lists */
            nodes: components["schemas"]["PlannedNode"][];
            plan?: components["schemas"]["DeploymentPlan"];
            /** @description Deployment Set that it was asked for with */
            set_id?: string;
            /**
             * @description Only a plan that is ready can be deployed
             * @enum {string}
             */
            status: "planning" | "ready" | "failed" | "cancelled" | "expired";
        };
        SubjectPermissions: {
            /** @description By object, such as /orgs/acme/apps/shop. What is permitted on an Organization is permitted on everything in it */
            objects: {
                [key: string]: components["schemas"]["Permissions"];
            };
        };
        TemplateResource: {
            /** @description Class */
            class: string;
            /** @description Name in the Score file */
            id: string;
            /** @description Resource Type */
            type: string;
        };
        TestPoliciesRequest: {
            /** @description Delta to apply to the environment's base */
            delta_id?: string;
            /** @description Policies to evaluate instead of those of the organization */
            policies?: components["schemas"]["DraftPolicy"][];
            /** @description Deployment Set to deploy; ignored with delta_id */
            set_id?: string;
            /** @description Version of the Shared Values to use; the latest when absent or null */
            value_set_version_id?: string;
        };
        Token: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description What the token is for */
            description: string;
            /**
             * Format: date-time
             * @description When it stops working
             */
            expires_at?: string;
            /** @description Id of the token */
            id: string;
            /**
             * Format: date-time
             * @description When it was used last, to the minute
             */
            last_used_at?: string;
            /** @description Kind of token */
            type: string;
        };
        UpdateAgentRequest: {
            /** @description What it is for */
            description: string | null;
        };
        UpdateApplicationRequest: {
            /** @description New display name */
            name: string;
        };
        UpdateArtefactVersionRequest: {
            /** @description Hide it from lists, or show it again */
            archived: boolean | null;
        };
        UpdateCurrentUserRequest: {
            /** @description New display name */
            name?: string;
            /** @description Replaces all properties */
            properties?: {
                [key: string]: unknown;
            };
        };
        UpdateDefinitionRequest: {
            /** @description Resource Account the driver uses */
            driver_account?: string;
            driver_inputs?: components["schemas"]["DriverInputs"];
            /** @description Driver: <org>/<driver> */
            driver_type?: string;
            /** @description Hand existing resources to a new driver instead of making new ones */
            in_place_driver_change?: boolean;
            /** @description Display name */
            name: string;
            /** @description Store as a version that is not in use yet */
            proposed?: boolean;
            /** @description Resources that are provisioned along */
            provision?: {
                [key: string]: components["schemas"]["Provision"];
            };
        };
        UpdateDriverRequest: {
            /** @description Types of accounts it can use */
            account_types: string[];
            /** @description JSON Schema of its inputs */
            inputs_schema: {
                [key: string]: unknown;
            };
            /** @description Address of the driver */
            target: string;
            /** @description For drivers built on another one: its inputs, any JSON */
            template?: unknown;
            /** @description Resource Type it provisions */
            type: string;
        };
        UpdatedWebhook: {
            /** @description Whether nothing is sent */
            disabled: boolean | null;
            /** @description Headers that are sent; null when none were given */
            headers: {
                [key: string]: unknown;
            } | null;
            /** @description Body with ${variables}; null sends the common variables */
            payload: {
                [key: string]: unknown;
            } | null;
            /** @description Whether there is a secret, with which deliveries are signed */
            signed: boolean;
            /** @description Events it is sent for */
            triggers: components["schemas"]["WebhookTrigger"][];
            /** @description Address, as it was given */
            url: string | null;
        };
        UpdateEnvironmentRequest: {
            /** @description New display name */
            name?: string;
        };
        UpdateEnvironmentTypeRequest: {
            /** @description New description */
            description?: string;
        };
        UpdateResourceAccountRequest: {
            /** @description Credentials, replaced as a whole */
            credentials?: {
                [key: string]: unknown;
            };
            /** @description Display name */
            name?: string;
        };
        UpdateResourceClassRequest: {
            /** @description When to use it */
            description: string;
        };
        UpdateResourceTypeRequest: {
            /** @description Category, for display */
            category?: string;
            /** @description JSON Schema of the parameters */
            inputs_schema?: {
                [key: string]: unknown;
            };
            /** @description Display name; the id when absent */
            name?: string;
            /** @description JSON Schema of the outputs */
            outputs_schema?: {
                [key: string]: unknown;
            };
            /**
             * @description How resources of the type come about
             * @enum {string}
             */
            use: "direct" | "indirect" | "implicit";
        };
        UpdateSecretStoreRequest: {
            awssm?: components["schemas"]["AWSSMRequest"];
            azurekv?: components["schemas"]["AzureKVRequest"];
            gcpsm?: components["schemas"]["GCPSMRequest"];
            /** @description Store new secrets there */
            primary?: boolean;
            vault?: components["schemas"]["VaultRequest"];
        };
        UpdateValueRequest: {
            /** @description What it is for */
            description: string | null;
            /** @description Ignored: whether a value is a secret cannot change */
            is_secret?: boolean;
            /** @description Ignored */
            key?: string;
            secret_ref?: components["schemas"]["SecretReference"];
            /** @description The value */
            value?: string;
        };
        UserProfile: {
            /**
             * Format: date-time
             * @description When the user was created
             */
            created_at: string;
            /** @description E-mail address, when known */
            email?: string;
            /** @description Id of the user */
            id: string;
            /** @description Display name */
            name: string;
            /**
             * @description Kind of user
             * @enum {string}
             */
            type: "user" | "service" | "system";
        };
        UserRole: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description E-mail address, when known */
            email?: string;
            /** @description Id of the user or group */
            id: string;
            /** @description Identity provider of a group */
            idp_id?: string;
            /**
             * @description State of the invitation, when there was one
             * @enum {string}
             */
            invite?: "pending" | "expired" | "accepted";
            /** @description Name of the user; of a group its name at the identity provider */
            name: string;
            /** @description Role on the object */
            role: string;
            /**
             * @description What it is
             * @enum {string}
             */
            type: "user" | "service" | "group" | "system";
        };
        UserRoleRequest: {
            /** @description Id of a user or group of the Organization */
            id: string;
            /** @description Role on the object */
            role: string;
        };
        Value: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description What it is for */
            description: string;
            /** @description Whether it is a secret */
            is_secret: boolean;
            /** @description Key */
            key: string;
            /** @description For secrets: the reference within the store */
            secret_key: string | null;
            /** @description For secrets: the secret store */
            secret_store_id: string | null;
            /** @description For secrets: the version, a growing decimal number */
            secret_version: string | null;
            /**
             * @description Level it was set on
             * @enum {string}
             */
            source: "app" | "env";
            /**
             * Format: date-time
             * @description When it last changed
             */
            updated_at: string;
            /** @description The value; empty for secrets */
            value: string;
        };
        ValueSetActionRequest: {
            /** @description Comment */
            comment?: string;
        };
        ValueSetVersion: {
            /** @description What changed, as JSON Patch operations */
            change: components["schemas"]["JSONPatch"][];
            /** @description Comment */
            comment: string;
            /**
             * Format: date-time
             * @description When the change was made
             */
            created_at: string;
            /** @description Id of the user who made the change */
            created_by: string;
            /** @description UUID */
            id: string;
            /** @description Kind of change, for example app_value_create */
            result_of: string;
            /** @description Version that was restored */
            source_value_set_version_id: string | null;
            /**
             * Format: date-time
             * @description When the version itself last changed, by a purge
             */
            updated_at: string;
            /** @description All values by key */
            values: {
                [key: string]: components["schemas"]["Value"];
            };
        };
        VaultAuth: {
            /** @description Mount of the auth method; kubernetes or approle when absent (addition to the published API) */
            mount?: string;
            /** @description Role of the Kubernetes auth method */
            role?: string;
            /** @description Role id of the AppRole auth method (addition to the published API) */
            role_id?: string;
            /** @description Secret id of the AppRole auth method (addition to the published API) */
            secret_id?: string;
            /** @description Token */
            token?: string;
        };
        VaultRequest: {
            /** @description Agent through which it is reached; kept, not used */
            agent_id?: string;
            auth?: components["schemas"]["VaultAuth"];
            /** @description Namespace of the server (addition to the published API) */
            namespace?: string;
            /** @description Mount of the KV engine, version 2; secret when absent */
            path?: string;
            /** @description Address of the server */
            url?: string;
        };
        VaultSettings: {
            /** @description Agent through which it is reached; kept, not used */
            agent_id?: string;
            /** @description Namespace of the server (addition to the published API) */
            namespace?: string;
            /** @description Mount of the KV engine, version 2; secret when absent */
            path?: string;
            /** @description Address of the server */
            url?: string;
        };
        WaitingFor: {
            /** @description What people said, oldest first */
            decisions: components["schemas"]["ApprovalDecision"][];
            /** @description What is missing, and by which policy */
            message: string;
            /** @description Whether an approval by the one who asks would count */
            mine: boolean;
            /** @description Resource whose own plan is meant; absent for the plan of the whole deployment */
            node?: string;
            /** @description What the policies ask for */
            requirements: components["schemas"]["PolicyRequirement"][];
            /**
             * Format: date-time
             * @description When it ends unless more people agree
             */
            until?: string;
        };
        Webhook: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Whether nothing is sent */
            disabled: boolean | null;
            /** @description Headers that are sent; null when none were given */
            headers: {
                [key: string]: unknown;
            } | null;
            /** @description Id, unique in the organization */
            id: string;
            /** @description Body with ${variables}; null sends the common variables */
            payload: {
                [key: string]: unknown;
            } | null;
            /** @description Whether there is a secret, with which deliveries are signed */
            signed: boolean;
            /** @description Events it is sent for */
            triggers: components["schemas"]["WebhookTrigger"][];
            /** @description Address, as it was given; without a scheme it is https */
            url: string | null;
        };
        WebhookDelivery: {
            /**
             * Format: date-time
             * @description When it was tried last
             */
            attempted_at?: string;
            /**
             * Format: int64
             * @description Requests that were made
             */
            attempts: number;
            /**
             * Format: date-time
             * @description When the event happened
             */
            created_at: string;
            /** @description Deployment it is about */
            deployment_id?: string;
            /** @description Environment it happened in */
            env_id: string;
            /** @description Why the last attempt failed */
            error?: string;
            /** @description Event, such as deployment.finished */
            event: string;
            /**
             * Format: date-time
             * @description When it was received or given up
             */
            finished_at?: string;
            /** @description UUID; the receiver gets it as X-Slipway-Delivery */
            id: string;
            /**
             * Format: int64
             * @description HTTP status of the last answer
             */
            response_code?: number;
            /**
             * @description What became of it
             * @enum {string}
             */
            status: "pending" | "delivered" | "failed";
            /** @description Variables of the event */
            variables: {
                [key: string]: string;
            };
            /** @description Id of the Webhook */
            webhook_id: string;
        };
        WebhookEvent: {
            /** @description Variables that payloads may refer to as ${name} */
            properties: string[];
            /** @description Scope of the event */
            scope: string;
            /** @description What happened */
            type: string;
        };
        WebhookRequest: {
            /** @description Send nothing */
            disabled?: boolean;
            /** @description Headers to send; null sends none */
            headers?: {
                [key: string]: unknown;
            };
            /** @description Id, unique in the organization; it cannot change */
            id?: string;
            /** @description Body with ${variables}; null sends the common variables */
            payload?: {
                [key: string]: unknown;
            };
            /** @description Key to sign deliveries with; it is never shown. Empty takes it away */
            secret?: string;
            /** @description Events to send it for */
            triggers?: components["schemas"]["WebhookTrigger"][];
            /** @description Address; without a scheme it is https */
            url?: string;
        };
        WebhookTrigger: {
            /** @description Scope of the event: environment or deployment */
            scope: string;
            /** @description What happened: created, deleted, started, finished */
            type: string;
        };
        WorkloadProfile: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Set when it should not be used any more */
            deprecation_message?: string;
            /** @description What it is for */
            description: string;
            /** @description Id of the profile */
            id: string;
            /** @description Organization it belongs to */
            org_id: string;
            /** @description What a workload's spec may hold */
            spec_definition: {
                [key: string]: unknown;
            };
            /** @description JSON Schema of the spec, computed */
            spec_schema: unknown;
            /**
             * Format: date-time
             * @description When it last changed
             */
            updated_at: string;
            /** @description Id of the user who changed it */
            updated_by: string;
            /** @description Version of the profile */
            version: string;
            workload_profile_chart: components["schemas"]["ChartReference"];
        };
        WorkloadProfileChartVersion: {
            /**
             * Format: date-time
             * @description When it was uploaded
             */
            created_at: string;
            /** @description Id of the user who uploaded it */
            created_by: string;
            /** @description Name of the chart */
            id: string;
            /** @description Organization it belongs to */
            org_id: string;
            /** @description Version of the chart */
            version: string;
        };
        WorkloadProfileFeature: {
            /** @description Name of the feature */
            id: string;
            /** @description Organization it belongs to */
            org_id: string;
            /** @description JSON Schema of the feature */
            schema: {
                [key: string]: unknown;
            };
            /** @description Version of the feature */
            version: string;
        };
        WorkloadProfileRequest: {
            /** @description Says that it should not be used any more, and what to use */
            deprecation_message?: string;
            /** @description What it is for */
            description?: string;
            /** @description Id of the profile; for a new one */
            id?: string;
            /** @description What a workload's spec may hold */
            spec_definition: {
                [key: string]: unknown;
            };
            /** @description Version; random when absent */
            version?: string;
            workload_profile_chart: components["schemas"]["ChartReference"];
        };
        WorkloadProfileVersion: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description Set when it should not be used any more */
            deprecation_message?: string;
            /** @description What it is for */
            description: string;
            /** @description Version */
            id: string;
            /** @description Organization it belongs to */
            org_id: string;
            /** @description What a workload's spec may hold */
            spec_definition: {
                [key: string]: unknown;
            };
            /** @description JSON Schema of the spec, computed */
            spec_schema: unknown;
            /** @description Version of the profile */
            version: string;
            workload_profile_chart: components["schemas"]["ChartReference"];
            /** @description Id of the profile */
            workload_profile_id: string;
        };
        WorkloadStatus: {
            /** @description Its containers */
            containers: components["schemas"]["ContainerStatus"][];
            /** @description Workload */
            id: string;
        };
        WorkloadTemplate: {
            /**
             * Format: date-time
             * @description When it was created
             */
            created_at: string;
            /** @description Id of the user who created it */
            created_by: string;
            /** @description What it is for */
            description: string;
            /** @description Id of the template */
            id: string;
            /** @description Display name */
            name: string;
            /** @description Organization it belongs to; humanitec for built-in ones */
            org_id: string;
            /** @description JSON Schema of the parameters, an object */
            parameters: {
                [key: string]: unknown;
            };
            /** @description What its workloads ask for */
            resources: components["schemas"]["TemplateResource"][];
            /** @description Score file in YAML with ${params.<name>}, and after --- perhaps an extension file */
            score: string;
            /**
             * Format: date-time
             * @description When it last changed
             */
            updated_at: string;
            /** @description Id of the user who changed it */
            updated_by: string;
        };
        WorkloadTemplateRequest: {
            /** @description What it is for */
            description?: string;
            /** @description Id of the template; for a new one */
            id?: string;
            /** @description Display name */
            name: string;
            /** @description JSON Schema of the parameters, an object */
            parameters?: {
                [key: string]: unknown;
            };
            /** @description Score file in YAML with ${params.<name>}, and after --- perhaps an extension file */
            score: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInvitationRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedInvitation"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    redeemLoginCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedeemCodeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSession"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentUser"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateCurrentUserRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentUser"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listOrganizations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listActiveResourcesInOrg: {
        parameters: {
            query?: {
                /** @description Only of this Application */
                app?: string;
                /** @description Only of this class */
                class?: string;
                /** @description Only those that this definition made */
                definition?: string;
                /** @description Only those that this driver made */
                driver?: string;
                /** @description Only of Environments with this id */
                env?: string;
                /** @description Only in Environments of this type */
                env_type?: string;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only those that are, or are not, to be deleted */
                scheduled_deletion?: boolean;
                /** @description Only those that are pending, active or deleting */
                status?: string;
                /** @description Only those with this text in their id, type, class, GUResID, Application, Environment or definition, whatever its case */
                text?: string;
                /** @description Only of this resource type */
                type?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveResource"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listAgents: {
        parameters: {
            query?: {
                /** @description Only what has this key: SHA-256 of its DER, hexadecimal */
                fingerprint?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAgentRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateAgentRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listKeysInAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentKey"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAgentKeyRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentKey"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteKeyInAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentId: string;
                fingerprint: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listApplications: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApplicationRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateApplicationRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelineApprovalRequests: {
        parameters: {
            query?: {
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only of this Pipeline; may be repeated */
                pipeline?: string;
                /** @description Only of this run; may be repeated */
                run?: string;
                /** @description Only waiting, approved, denied or cancelled */
                status?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineApprovalRequest"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeltas: {
        parameters: {
            query?: {
                /** @description Archived ones, too */
                archived?: boolean;
                /** @description Only those meant for this Environment */
                env?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delta"][];
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createDelta: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    metadata?: components["schemas"]["DeltaMetadataRequest"];
                    modules?: components["schemas"]["DeltaChangesRequest"];
                    shared?: {
                        from?: string;
                        /** @enum {string} */
                        op: "add" | "remove" | "replace";
                        path: string;
                        value?: unknown;
                    }[];
                    workloads?: components["schemas"]["DeltaChangesRequest"];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string | components["schemas"]["Delta"];
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDelta: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deltaId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delta"];
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putDelta: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deltaId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    metadata?: components["schemas"]["DeltaMetadataRequest"];
                    modules?: components["schemas"]["DeltaChangesRequest"];
                    shared?: {
                        from?: string;
                        /** @enum {string} */
                        op: "add" | "remove" | "replace";
                        path: string;
                        value?: unknown;
                    }[];
                    workloads?: components["schemas"]["DeltaChangesRequest"];
                };
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchDelta: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deltaId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    metadata?: components["schemas"]["DeltaMetadataRequest"];
                    modules?: components["schemas"]["DeltaChangesRequest"];
                    shared?: {
                        from?: string;
                        /** @enum {string} */
                        op: "add" | "remove" | "replace";
                        path: string;
                        value?: unknown;
                    }[];
                    workloads?: components["schemas"]["DeltaChangesRequest"];
                }[];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delta"];
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    archiveDelta: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deltaId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": boolean;
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    changeEnvOfDelta: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deltaId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    changeNameOfDelta: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deltaId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listApplicationApprovals: {
        parameters: {
            query?: {
                /** @description Only what an approval by the one who asks would help */
                mine?: boolean;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentApproval"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getApplicationDriftIgnores: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftIgnores"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    setApplicationDriftIgnores: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DriftIgnores"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftIgnores"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listEnvironmentRequests: {
        parameters: {
            query?: {
                /** @description How many at most; 1000 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentRequest"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createEnvironmentRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateEnvironmentRequestRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentRequest"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEnvironmentRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentRequest"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    cancelEnvironmentRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentRequest"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    streamEnvironmentRequestEvents: {
        parameters: {
            query?: {
                /** @description Only what comes after this seq */
                after?: number;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentRequestEvent"][];
                    "text/event-stream": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listEnvironments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateEnvironmentRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateEnvironmentRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeployments: {
        parameters: {
            query?: {
                /** @description At most so many; all when absent */
                limit?: number;
                /** @description Only those of a pipeline run: <pipeline id>,<run id> */
                pipelineRunId?: string;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateDeploymentRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredPlan"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeploymentApprovals: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentApproval"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    decideDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentApproval"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    cancelDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeploymentChanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeChanges"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDeploymentDiff: {
        parameters: {
            query?: {
                /** @description Id of the deployment to compare from; default is the one before */
                from?: string;
            };
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentDiff"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeploymentErrors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentError"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    streamDeploymentEvents: {
        parameters: {
            query?: {
                /** @description Only what comes after this seq */
                after?: number;
                /** @description At most so many; 1000 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentEvent"][];
                    "text/event-stream": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeploymentLogs: {
        parameters: {
            query?: {
                /** @description Only what comes after this seq */
                after?: number;
                /** @description At most so many; 1000 when absent */
                limit?: number;
                /** @description Only what concerns this resource, type.class#id */
                node?: string;
            };
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLine"][];
                    "text/event-stream": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeploymentNodes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Node"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listNodeLogs: {
        parameters: {
            query?: {
                /** @description Only what comes after this seq */
                after?: number;
                /** @description At most so many; 1000 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                ordinal: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLine"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    explainDeploymentResources: {
        parameters: {
            query?: {
                /** @description Only resources of this class */
                class?: string;
                /** @description Only resources with this id */
                id?: string;
                /** @description Only resources of this type */
                type?: string;
            };
            header?: never;
            path: {
                appId: string;
                deployId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceExplanations"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    planDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PlanDeploymentRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentPlan"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getLiveDiff: {
        parameters: {
            query?: {
                /** @description Id of the deployment; default is the one that was delivered last */
                deployment?: string;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentDiff"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDriftScans: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftScan"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createDriftScan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftScan"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDriftScan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                scanId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftScan"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDriftSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftSettings"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    setDriftSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DriftSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftSettings"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    streamEnvironmentEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowEvent"][];
                    "text/event-stream": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    rebaseEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEnvironmentLifetime: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentLifetime"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateEnvironmentLifetime: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvironmentLifetimeChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentLifetime"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listContainerLogs: {
        parameters: {
            query?: {
                /** @description The oldest lines, oldest first */
                asc?: boolean;
                /** @description Only containers of this name */
                container_id?: string;
                /** @description Only lines with this text; secrets are hidden before */
                contains?: string;
                /** @description Only from the start of this deployment to that of the next one */
                deployment_id?: string;
                /** @description Reverse the answer */
                invert?: boolean;
                /** @description How many lines at most: 1 to 1000, default 100; of each container where they are followed */
                limit?: string;
                /** @description Only this pod */
                pod_id?: string;
                /** @description What containers wrote before they were started again */
                previous?: boolean;
                /** @description Not before this time, RFC 3339 */
                timestamp_from?: string;
                /** @description Before this time, RFC 3339 */
                timestamp_to?: string;
                /** @description Only this workload */
                workload_id?: string;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerLogEntry"][];
                    "text/event-stream": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listOperations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                operationId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    cancelOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                operationId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPlans: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredPlan"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PlanDeploymentRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredPlan"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                planId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredPlan"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    cancelPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                planId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredPlan"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    testPolicies: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TestPoliciesRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyTest"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPushes: {
        parameters: {
            query?: {
                /** @description How many at most; default 100 */
                limit?: number;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Push"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listQuestions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Question"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    answerQuestion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Answer"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answered"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getQueuePolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePolicy"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    setQueuePolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueuePolicy"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePolicy"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listActiveResources: {
        parameters: {
            query?: {
                /** @description Only those that are, or are not, to be deleted; true lists those that were replaced as well */
                scheduled_deletion?: boolean;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveResource"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteActiveResource: {
        parameters: {
            query?: {
                /** @description Leave the real resources alone and forget them */
                detach?: boolean;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                resId: string;
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    pinActiveResource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                resId: string;
                type: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PinResourceRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveResource"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    queryResourceGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResourceRequest"][];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphNode"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createDependencyGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResourceRequest"][];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DependencyGraph"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDependencyGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                graphId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DependencyGraph"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    explainResources: {
        parameters: {
            query?: {
                /** @description Only resources of this class */
                class?: string;
                /** @description Only resources with this id */
                id?: string;
                /** @description Only resources of this type */
                type?: string;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExplainRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceExplanations"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listAutomationRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutomationRule"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createAutomationRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AutomationRuleRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutomationRule"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAutomationRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutomationRule"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateAutomationRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AutomationRuleRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutomationRule"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAutomationRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRuntime: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuntimeV1"];
                    "application/v2+json": components["schemas"]["Runtime"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listRuntimeEvents: {
        parameters: {
            query?: {
                /** @description At most so many: 500 is the most, and what is meant when absent */
                limit?: number;
                /** @description Only events of this workload, beside those of deployments */
                workload_id?: string;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuntimeEvents"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPaused: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Paused"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updatePaused: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": boolean;
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchReplicas: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: number;
                };
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listScheduledDeployments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledDeployment"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createScheduledDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateScheduledDeploymentRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledDeployment"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getScheduledDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orderId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledDeployment"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteScheduledDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orderId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listValueSetVersionsInEnvironment: {
        parameters: {
            query?: {
                /** @description Only versions that changed this key */
                key_changed?: string;
            };
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueSetVersion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getValueSetVersionInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                valueSetVersionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueSetVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    purgeValueInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                key: string;
                orgId: string;
                valueSetVersionId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ValueSetActionRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    restoreValueSetVersionInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
                valueSetVersionId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ValueSetActionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueSetVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    restoreValueInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                key: string;
                orgId: string;
                valueSetVersionId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ValueSetActionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueSetVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listValuesInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Value"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createValueInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateValueRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Value"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteValuesInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateValueInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                key: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateValueRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Value"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteValueInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                key: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchValueInEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                envId: string;
                key: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchValueRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Value"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    streamApplicationEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowEvent"][];
                    "text/event-stream": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteJobs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelineCriteriaInApp: {
        parameters: {
            query?: {
                /** @description Only criteria with this field: match[env_type]=development */
                match?: string;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only criteria of this Pipeline */
                pipeline?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineCriteria"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPipelineRunByTriggerCriteria: {
        parameters: {
            query?: {
                /** @description Check the request and start nothing */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PipelineRunByCriteria"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineRun"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineRun"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelines: {
        parameters: {
            query?: {
                /** @description Only Pipelines with this metadata: metadata[key]=value */
                metadata?: string;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only Pipelines with this trigger */
                trigger?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPipeline: {
        parameters: {
            query?: {
                /** @description Judge the request and change nothing; 204 */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-yaml": Record<string, never>;
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPipeline: {
        parameters: {
            query?: {
                /** @description UUID of a version; the current one when absent */
                version?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deletePipeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updatePipeline: {
        parameters: {
            query?: {
                /** @description Judge the request and change nothing; 204 */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-yaml": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    GetBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                batchType: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineBatch"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPipelineCriteria: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PipelineCriteriaRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineCriteria"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPipelineCriteria: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                criteriaId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineCriteria"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deletePipelineCriteria: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                criteriaId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelineRuns: {
        parameters: {
            query?: {
                /** @description Only runs that have ended, or only those that have not */
                completed?: boolean;
                /** @description Only runs from after this time */
                created_after?: string;
                /** @description Only runs from before this time */
                created_before?: string;
                /** @description Only runs that have to do with this Environment */
                env?: string;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only runs with this status; may be repeated */
                status?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineRun"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPipelineRun: {
        parameters: {
            query?: {
                /** @description Check the request and start nothing */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PipelineRunCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineRun"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineRun"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPipelineRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineRun"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deletePipelineRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    cancelPipelineRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    streamPipelineRunEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowEvent"][];
                    "text/event-stream": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelineJobs: {
        parameters: {
            query?: {
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only jobs with this status; may be repeated */
                status?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineJobPartial"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPipelineJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                jobId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineJob"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPipelineApprovalRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                approvalId: string;
                jobId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineApprovalRequest"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    approvePipelineApprovalRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                approvalId: string;
                jobId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineApprovalRequest"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    denyPipelineApprovalRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                approvalId: string;
                jobId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineApprovalRequest"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelineStepLogs: {
        parameters: {
            query?: {
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
            };
            header?: never;
            path: {
                appId: string;
                jobId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
                stepIndex: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineStepLog"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    restartPipelineRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineRun"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPipelineDefinition: {
        parameters: {
            query?: {
                /** @description UUID of a version; the current one when absent */
                version?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                    "application/x.humanitec-pipelines-v1.0+yaml": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelineVersions: {
        parameters: {
            query?: {
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineVersion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPreviewRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewRule"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPreviewRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePreviewRuleRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewRule"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deletePreviewRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    removePreview: {
        parameters: {
            query?: {
                /** @description The branch, such as feature/x */
                branch?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPromotionPath: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromotionPath"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    setPromotionPath: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPromotionPathRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromotionPath"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPromotions: {
        parameters: {
            query?: {
                /** @description How many at most; 1000 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Promotion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPromotion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePromotionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Promotion"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Promotion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPromotion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                promotionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Promotion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    decidePromotion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                promotionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentApproval"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    cancelPromotion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                promotionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Promotion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listReceivers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receiver"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createReceiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateReceiverRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receiver"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteReceiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                receiverId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listReceiverDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                receiverId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiverDelivery"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listRuntime: {
        parameters: {
            query?: {
                /** @description Environment; give one to five */
                id?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentRuntime"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listSets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Set"][];
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSet: {
        parameters: {
            query?: {
                /** @description Id of the other set */
                diff?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
                setId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Set"] | components["schemas"]["PlainDelta"];
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateSet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                setId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    metadata?: components["schemas"]["DeltaMetadataRequest"];
                    modules?: components["schemas"]["DeltaChangesRequest"];
                    shared?: {
                        from?: string;
                        /** @enum {string} */
                        op: "add" | "remove" | "replace";
                        path: string;
                        value?: unknown;
                    }[];
                    workloads?: components["schemas"]["DeltaChangesRequest"];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDiff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                setId: string;
                sourceSetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlainDelta"];
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSetResourceInputs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                setId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceInput"][];
                };
            };
            /** @description Not found: what is missing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getApplicationStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationStatus"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listUserRolesInApp: {
        parameters: {
            query?: {
                /** @description Only user (people and service users) or only group */
                type?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createUserRoleInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserRoleRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUserRoleInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteUserRoleInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateUserRoleInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listValueSetVersionsInApp: {
        parameters: {
            query?: {
                /** @description Only versions that changed this key */
                key_changed?: string;
            };
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueSetVersion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getValueSetVersionInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                valueSetVersionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueSetVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    purgeValueInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                key: string;
                orgId: string;
                valueSetVersionId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ValueSetActionRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    restoreValueSetVersionInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
                valueSetVersionId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ValueSetActionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueSetVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    restoreValueInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                key: string;
                orgId: string;
                valueSetVersionId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ValueSetActionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueSetVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listValuesInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Value"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createValueInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateValueRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Value"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteValuesInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateValueInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                key: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateValueRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Value"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteValueInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                key: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchValueInApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                key: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchValueRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Value"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                jobId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                jobId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                jobId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdatedWebhook"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description How many at most; default and maximum 200 */
                limit?: number;
            };
            header?: never;
            path: {
                appId: string;
                jobId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deliveryId: string;
                jobId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    resendWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appId: string;
                deliveryId: string;
                jobId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listArtefactVersionsInOrg: {
        parameters: {
            query?: {
                /** @description Show archived ones as well */
                archived?: boolean;
                /** @description How many at most */
                limit?: number;
                /** @description Only those of this Artefact */
                name?: string;
                /** @description Only what this names: NAME:VERSION or NAME@DIGEST; not together with name */
                reference?: string;
                /** @description container or workload */
                type?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtefactVersion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createArtefactVersion: {
        parameters: {
            query?: {
                /** @description Only validate; with Accept: application/x.workload-deployment-set+json answer what a workload becomes */
                dry_run?: boolean;
                /** @description Version control system of the ref; git when absent */
                vcs?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateArtefactVersionRequest"];
                "multipart/form-data": components["schemas"]["CreateArtefactVersionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtefactVersion"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtefactVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getArtefactVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                artefactVersionId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtefactVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWorkloadArtefactVersionDeploymentSet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                artefactVersionId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConvertedScore"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWorkloadArtefactVersionSpec: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                artefactVersionId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    convertScoreToSet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConvertScoreRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConvertedScore"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listArtefacts: {
        parameters: {
            query?: {
                /** @description Only that of this name */
                name?: string;
                /** @description container or workload */
                type?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artefact"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteArtefact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                artefactId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listArtefactVersions: {
        parameters: {
            query?: {
                /** @description Show archived ones as well */
                archived?: boolean;
                /** @description How many at most */
                limit?: number;
                /** @description Only what this names: NAME:VERSION or NAME@DIGEST; not together with name */
                reference?: string;
            };
            header?: never;
            path: {
                artefactId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtefactVersion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchArtefactVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                artefactId: string;
                orgId: string;
                versionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateArtefactVersionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtefactVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAttention: {
        parameters: {
            query?: {
                /** @description How many of each kind, 1 to 200; 50 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attention"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    streamAttentionEvents: {
        parameters: {
            query?: {
                /** @description How many of each kind, 1 to 200; 50 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowEvent"][];
                    "text/event-stream": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listAuditLogEntries: {
        parameters: {
            query?: {
                /** @description Only changes of this kind: create, update, delete, deploy, ... */
                action?: string;
                /** @description Only entries from then on, for example 2026-01-01T00:00:00Z */
                from?: string;
                /** @description Only changes of this object and of what is inside it, for example /orgs/acme/apps/shop */
                object?: string;
                /** @description Only changes of this kind of object, for example application */
                object_type?: string;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only entries up to then */
                to?: string;
                /** @description Only what this user did */
                user_id?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntry"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    exportAuditLog: {
        parameters: {
            query?: {
                /** @description Only changes of this kind: create, update, delete, deploy, ... */
                action?: string;
                /** @description jsonl (default) or csv */
                format?: string;
                /** @description Only entries from then on, for example 2026-01-01T00:00:00Z */
                from?: string;
                /** @description Only changes of this object and of what is inside it, for example /orgs/acme/apps/shop */
                object?: string;
                /** @description Only changes of this kind of object, for example application */
                object_type?: string;
                /** @description Only entries up to then */
                to?: string;
                /** @description Only what this user did */
                user_id?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "application/jsonl": string;
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description Only what an approval by the one who asks would help */
                mine?: boolean;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentApproval"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getOrganizationDriftIgnores: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftIgnores"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    setOrganizationDriftIgnores: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DriftIgnores"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftIgnores"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listEnvironmentTypes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentType"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createEnvironmentType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateEnvironmentTypeRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentType"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEnvironmentType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentType"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteEnvironmentType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateEnvironmentType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateEnvironmentTypeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentType"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listFreezeWindowsOfType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreezeWindow"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createFreezeWindow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateFreezeWindowRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreezeWindow"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteFreezeWindow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
                windowId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listUserRolesInEnvType: {
        parameters: {
            query?: {
                /** @description Only user (people and service users) or only group */
                type?: string;
            };
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createUserRoleInEnvType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserRoleRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUserRoleInEnvType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteUserRoleInEnvType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateUserRoleInEnvType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                envTypeId: string;
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEvent"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listFreezeWindows: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreezeWindow"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupWithRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listGroupUsers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserProfile"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    addGroupUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupId: string;
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    removeGroupUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupId: string;
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listHumanitecPublicKeys: {
        parameters: {
            query?: {
                /** @description Only keys that are in use, or that are not */
                active?: boolean;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformPublicKey"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeprecatedImages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDeprecatedImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                imageId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeprecatedImageBuilds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                imageId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageBuild"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createDeprecatedImageBuild: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                imageId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImageBuildRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listInvitesInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createInviteInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitation"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPublicKeys: {
        parameters: {
            query?: {
                /** @description Only what has this key: SHA-256 of its DER, hexadecimal */
                fingerprint?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicKey"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPublicKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicKey"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPublicKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                keyId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicKey"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deletePublicKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                keyId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listOrphans: {
        parameters: {
            query?: {
                /** @description Only this application */
                app_id?: string;
                /** @description Only this environment; needs app_id */
                env_id?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrphanReport"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteOrphans: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteOrphansRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrphanOutcome"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPeopleNames: {
        parameters: {
            query?: {
                /** @description Id of a user; may be repeated, up to 100 times */
                id?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonName"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelineRunsByOrg: {
        parameters: {
            query?: {
                /** @description Only runs of this Application; may be repeated */
                app?: string;
                /** @description Only runs that have ended, or only those that have not */
                completed?: boolean;
                /** @description Only runs from after this time */
                created_after?: string;
                /** @description Only runs from before this time */
                created_before?: string;
                /** @description Only runs that have to do with this Environment */
                env?: string;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only runs of this Pipeline; may be repeated */
                pipeline?: string;
                /** @description Only runs with this status; may be repeated */
                status?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineRun"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getLatestPipelineDefinitionSchema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPipelinesInOrg: {
        parameters: {
            query?: {
                /** @description Only Pipelines of this Application; may be repeated */
                app?: string;
                /** @description Only Pipelines with this metadata: metadata[key]=value */
                metadata?: string;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only Pipelines with this trigger */
                trigger?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPolicies: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                policyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                policyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyRule"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deletePolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                policyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    checkPolicies: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckPoliciesRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyCheck"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listReceiversInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receiver"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listRegistries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlainError"];
                };
            };
        };
    };
    createRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistryRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlainError"];
                };
            };
        };
    };
    getRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                regId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlainError"];
                };
            };
        };
    };
    deleteRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                regId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlainError"];
                };
            };
        };
    };
    updateRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                regId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistryRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlainError"];
                };
            };
        };
    };
    getRegistryCreds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                regId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryCreds"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlainError"];
                };
            };
        };
    };
    listResourceAccountTypes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceAccountType"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listResourceAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceAccount"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createResourceAccount: {
        parameters: {
            query?: {
                /** @description Demand that the credentials are complete */
                check_credential?: boolean;
                /** @description Judge the request and change nothing; 204 */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateResourceAccountRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceAccount"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceAccount"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getResourceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceAccount"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteResourceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchResourceAccount: {
        parameters: {
            query?: {
                /** @description Demand that the credentials are complete */
                check_credential?: boolean;
                /** @description Judge the request and change nothing; 204 */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                accId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateResourceAccountRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceAccount"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceAccount"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    checkResourceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceAccountCheck"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listResourceClasses: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceClass"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listResourceDefinitions: {
        parameters: {
            query?: {
                /** @description Application */
                app?: string;
                /** @description Resource Class */
                class?: string;
                /** @description Show deleted ones as well */
                deleted?: boolean;
                /** @description Environment */
                env?: string;
                /** @description Environment Type */
                env_type?: string;
                /** @description Resource id */
                res?: string;
                /** @description Resource Type */
                res_type?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceDefinition"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createResourceDefinition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateDefinitionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceDefinition"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getResourceDefinition: {
        parameters: {
            query?: {
                /** @description Show deleted ones as well */
                deleted?: boolean;
            };
            header?: never;
            path: {
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceDefinition"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateResourceDefinition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateDefinitionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceDefinition"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteResourceDefinition: {
        parameters: {
            query?: {
                /** @description Do it even though active resources are affected */
                force?: boolean;
            };
            header?: never;
            path: {
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchResourceDefinition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchDefinitionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceDefinition"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateResourceDefinitionCriteria: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MatchingCriteriaRequest"][];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatchingCriteria"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createResourceDefinitionCriteria: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MatchingCriteriaRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatchingCriteria"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteResourceDefinitionCriteria: {
        parameters: {
            query?: {
                /** @description Do it even though active resources are affected */
                force?: boolean;
            };
            header?: never;
            path: {
                criteriaId: string;
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listActiveResourceByDefinition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveResource"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listResourceDefinitionVersions: {
        parameters: {
            query?: {
                /** @description Show deleted ones as well */
                deleted?: boolean;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
            };
            header?: never;
            path: {
                defId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceDefinitionVersion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getResourceDefinitionVersion: {
        parameters: {
            query?: {
                /** @description Show deleted ones as well */
                deleted?: boolean;
            };
            header?: never;
            path: {
                defId: string;
                defVersionId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceDefinitionVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    archiveResourceDefinitionVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                defId: string;
                defVersionId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ArchiveVersionRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    promoteResourceDefinitionVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                defId: string;
                defVersionId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    previewResourceDefinitionImpact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DefinitionImpactRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionImpact"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    testResourceDefinition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DefinitionTestRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionTest"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listResourceDrivers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Driver"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createResourceDriver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateDriverRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Driver"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getResourceDriver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                driverId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Driver"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateResourceDriver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                driverId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateDriverRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Driver"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteResourceDriver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                driverId: string;
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listResourceTypes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceType"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createResourceType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateResourceTypeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceType"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getResourceType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                typeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceType"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateResourceType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                typeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateResourceTypeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceType"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteResourceType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                typeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchResourceType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                typeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchResourceTypeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceType"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createResourceClass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                typeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateResourceClassRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceClass"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getResourceClass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                classId: string;
                orgId: string;
                typeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceClass"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteResourceClass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                classId: string;
                orgId: string;
                typeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateResourceClass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                classId: string;
                orgId: string;
                typeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateResourceClassRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceClass"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRetentionSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionSettings"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateRetentionSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetentionChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionSettings"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listRetentionRuns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionRun"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createRetentionRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetentionRunRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionRun"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRetentionRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionRun"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    checkClusterConnectivity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClusterCheckRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterCheck"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Only of this Application */
                app?: string;
                /** @description Only of this Environment */
                env?: string;
                /** @description Only of this kind */
                kind?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listScheduleRuns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleRun"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ScheduleNote"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    triggerSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    unpauseSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ScheduleNote"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listSecretStores: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretStore"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createSecretStore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSecretStoreRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretStore"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSecretStore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                storeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretStore"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteSecretStore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                storeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateSecretStore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                storeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSecretStoreRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretStore"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listUserRolesInOrg: {
        parameters: {
            query?: {
                /** @description Only user (people and service users) or only group */
                type?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createServiceUserInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceUserRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserProfile"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUserRoleInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteUserRoleInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateUserRoleInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRole"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listUserGroupsInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSubjectPermsInOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectPermissions"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWorkloadProfileChartVersions: {
        parameters: {
            query?: {
                /** @description Only versions of this chart */
                id?: string;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
                /** @description Only this version */
                version?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfileChartVersion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createWorkloadProfileChartVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfileChartVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWorkloadProfileFeatures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfileFeature"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWorkloadProfiles: {
        parameters: {
            query?: {
                /** @description Show deprecated ones as well */
                deprecated?: boolean;
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfile"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createWorkloadProfile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkloadProfileRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfile"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWorkloadProfile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                profileQid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfile"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateWorkloadProfile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                profileQid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkloadProfileRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfile"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteWorkloadProfile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                profileQid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWorkloadProfileVersions: {
        parameters: {
            query?: {
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
            };
            header?: never;
            path: {
                orgId: string;
                profileQid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfileVersion"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getLatestWorkloadProfileVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                profileQid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadProfileVersion"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWorkloadTemplates: {
        parameters: {
            query?: {
                /** @description Token of the page, from the Link header */
                page?: string;
                /** @description Items per page, 1 to 100; 50 when absent */
                per_page?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadTemplate"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createWorkloadTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkloadTemplateRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadTemplate"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWorkloadTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                templateId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadTemplate"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateWorkloadTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                templateId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkloadTemplateRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadTemplate"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteWorkloadTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                templateId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    instantiateWorkloadTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                templateId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstantiateTemplateRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstantiatedTemplate"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    receiveFromGitHub: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                receiverId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivedAnswer"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    receiveFromGitLab: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                receiverId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivedAnswer"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listUserTokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"][];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createUserToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTokenRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUserToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tokenId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteUserToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tokenId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request did not succeed */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
