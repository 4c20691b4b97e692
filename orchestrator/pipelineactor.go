package orchestrator

import (
	"context"

	"github.com/google/uuid"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// pipelinePrincipal is the service principal of a pipeline that delegates roles.
func pipelinePrincipal(org, app, pipelineID string) string {
	return "s-" + uuid.NewSHA1(uuid.NameSpaceOID, []byte(AppObject(org, app)+"/pipelines/"+pipelineID)).String()
}

// delegates reports whether a definition gives its runs roles of their own; one
// that does not runs with the permissions of whoever started it.
func delegates(def *pipeline.Document) bool {
	p := def.Permissions
	return !p.Inherit && (p.Application != "" || len(p.EnvTypes) > 0)
}

// runAs is whose permissions runs of a definition have that the actor starts.
func runAs(org, app, pipelineID string, def *pipeline.Document, actor Actor) string {
	if delegates(def) {
		return pipelinePrincipal(org, app, pipelineID)
	}
	return actor.UserID
}

// runActor is who the actions of a run act as: the pipeline's service principal
// with the roles that its definition delegates, on its application and nothing
// else, or the user who started the run, with the roles that he has now.
func (s *Service) runActor(ctx context.Context, run *PipelineRun, def *pipeline.Document) (Actor, error) {
	if delegates(def) {
		roles := map[string]string{OrgObject(run.OrgID): RoleMember}
		if role := def.Permissions.Application; role != "" {
			roles[AppObject(run.OrgID, run.AppID)] = role
		}
		for envType, role := range def.Permissions.EnvTypes {
			roles[EnvTypeObject(run.OrgID, envType)] = role
		}
		return Actor{UserID: run.RunAs, Type: "service", Roles: roles}, nil
	}
	if run.RunAs == SystemActor.UserID || run.RunAs == "" {
		return Actor{}, Forbiddenf("nobody started this run, and the pipeline delegates no roles to it: add permissions with application and "+
			"env-types to the definition of pipeline %q", run.PipelineID)
	}
	user, err := s.store.GetUser(ctx, run.RunAs)
	if IsNotFound(err) {
		return Actor{}, Forbiddenf("user %s, with whose permissions the run acts, does not exist any more", run.RunAs)
	}
	if err != nil {
		return Actor{}, err
	}
	roles, err := s.rolesOf(ctx, user.ID)
	if err != nil {
		return Actor{}, err
	}
	return Actor{UserID: user.ID, Type: user.Type, Roles: roles}, nil
}
