package orchestrator

import (
	"context"
	"errors"

	"github.com/slipway-dev/slipway/engine/catalogue"
)

// ListWorkloadTemplates lists the templates of workloads: the built-in ones,
// then those of the organization, each by id.
func (s *Service) ListWorkloadTemplates(ctx context.Context, org string) ([]WorkloadTemplate, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	builtin, err := s.builtinTemplates(ctx, org)
	if err != nil {
		return nil, err
	}
	own, err := s.store.ListWorkloadTemplates(ctx, org)
	return append(builtin, own...), err
}

func (s *Service) builtinTemplates(ctx context.Context, org string) ([]WorkloadTemplate, error) {
	owner, err := s.store.GetOrganization(ctx, org)
	if err != nil {
		return nil, err
	}
	var out []WorkloadTemplate
	for _, t := range catalogue.Builtin() {
		out = append(out, WorkloadTemplate{
			OrgID: BuiltinOrg, ID: t.ID, Name: t.Name, Description: t.Description, Parameters: t.Parameters, Score: t.Score,
			CreatedAt: owner.CreatedAt, CreatedBy: SystemActor.UserID, UpdatedAt: owner.CreatedAt, UpdatedBy: SystemActor.UserID,
		})
	}
	return out, nil
}

// GetWorkloadTemplate finds a template by <organization>/<id>, or by its id
// alone: that of the organization before the built-in one.
func (s *Service) GetWorkloadTemplate(ctx context.Context, org, qid string) (*WorkloadTemplate, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if id, own := ownProfileID(org, qid); own {
		t, err := s.store.GetWorkloadTemplate(ctx, org, id)
		if !IsNotFound(err) {
			return t, err
		}
	}
	builtin, err := s.builtinTemplates(ctx, org)
	if err != nil {
		return nil, err
	}
	for i := range builtin {
		if t := &builtin[i]; t.ID == qid || t.OrgID+"/"+t.ID == qid {
			return t, nil
		}
	}
	return nil, NotFoundf("workload template %q does not exist", qid)
}

// CreateWorkloadTemplate stores a template.
func (s *Service) CreateWorkloadTemplate(ctx context.Context, org string, t WorkloadTemplate) (*WorkloadTemplate, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	if err := checkRecordID("id", t.ID); err != nil {
		return nil, err
	}
	if err := checkTemplate(t); err != nil {
		return nil, err
	}
	at, by := s.now(), ActorFrom(ctx).UserID
	t.OrgID, t.CreatedAt, t.CreatedBy, t.UpdatedAt, t.UpdatedBy = org, at, by, at, by
	return &t, s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "workload-template", templateObjectPath(org, t.ID), t), s.store.CreateWorkloadTemplate(ctx, &t)
	})
}

func templateObjectPath(org, id string) string { return OrgObject(org) + "/workload-templates/" + id }

// ReplaceWorkloadTemplate replaces all but the id of a template of the organization.
func (s *Service) ReplaceWorkloadTemplate(ctx context.Context, org string, t WorkloadTemplate) (*WorkloadTemplate, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	if err := checkTemplate(t); err != nil {
		return nil, err
	}
	var changed *WorkloadTemplate
	err := s.inTxAgain(ctx, func(ctx context.Context) (err error) {
		if changed, err = s.ownTemplate(ctx, org, t.ID); err != nil {
			return err
		}
		before := snapshot(changed)
		changed.Name, changed.Description, changed.Parameters, changed.Score = t.Name, t.Description, t.Parameters, t.Score
		changed.UpdatedAt, changed.UpdatedBy = s.now(), ActorFrom(ctx).UserID
		if err := stale(s.store.UpdateWorkloadTemplate(ctx, changed)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "workload-template", templateObjectPath(org, changed.ID), before, changed))
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// DeleteWorkloadTemplate deletes a template of the organization. What was made
// from it stays.
func (s *Service) DeleteWorkloadTemplate(ctx context.Context, org, qid string) error {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return err
	}
	t, err := s.ownTemplate(ctx, org, qid)
	if err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		return deleted(org, "workload-template", templateObjectPath(org, t.ID), t), s.store.DeleteWorkloadTemplate(ctx, org, t.ID)
	})
}

func (s *Service) ownTemplate(ctx context.Context, org, qid string) (*WorkloadTemplate, error) {
	t, err := s.GetWorkloadTemplate(ctx, org, qid)
	if err != nil {
		return nil, err
	}
	if t.OrgID != org {
		return nil, Forbiddenf("workload template %q is built in and cannot be changed; create one of your own with another id, or the same", qid)
	}
	return t, nil
}

// InstantiateWorkloadTemplate makes the Score file of a workload from a template.
func (s *Service) InstantiateWorkloadTemplate(ctx context.Context, org, qid string, parameters map[string]any) (*catalogue.Workload, error) {
	t, err := s.GetWorkloadTemplate(ctx, org, qid)
	if err != nil {
		return nil, err
	}
	made, err := t.Template().Instantiate(parameters)
	var fault *catalogue.ParameterError
	if errors.As(err, &fault) {
		refused := Invalidf("%v", fault)
		refused.Details = map[string]any{"problems": fault.Problems}
		return nil, refused
	}
	if err != nil {
		return nil, Invalidf("workload template %q: %v", qid, err)
	}
	return &made, nil
}

// Template is the template as the engine sees it.
func (t WorkloadTemplate) Template() catalogue.Template {
	return catalogue.Template{ID: t.ID, Name: t.Name, Description: t.Description, Parameters: t.Parameters, Score: t.Score}
}

func checkTemplate(t WorkloadTemplate) error {
	if err := checkName("name", t.Name); err != nil {
		return err
	}
	for field, text := range map[string]string{"name": t.Name, "description": t.Description} {
		if err := checkText(field, text); err != nil {
			return err
		}
	}
	if err := checkSize("parameters", t.Parameters); err != nil {
		return err
	}
	if err := t.Template().Check(); err != nil {
		return Invalidf("%v", err)
	}
	return nil
}
