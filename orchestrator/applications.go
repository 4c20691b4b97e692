package orchestrator

import (
	"context"
	"slices"
	"time"
)

// DefaultEnvironmentType is the type that every organization starts with, and
// the id of the first environment of a new application.
const DefaultEnvironmentType = "development"

// ApplicationView is an application with its environments.
type ApplicationView struct {
	Application
	Environments []Environment
}

// ApplicationRequest asks for a new application.
type ApplicationRequest struct {
	ID              string
	Name            string
	Environment     *EnvironmentRequest // nil = the default one
	SkipEnvironment bool                // create no environment at all
}

// readApp authorizes and returns an application.
func (s *Service) readApp(ctx context.Context, org, app, role string) (*Application, error) {
	if err := s.requireApp(ctx, org, app, role); err != nil {
		return nil, err
	}
	return s.store.GetApplication(ctx, org, app)
}

// ListApplications lists the applications that the one who asks may see. Of
// their environments it has ids, names and types only.
func (s *Service) ListApplications(ctx context.Context, org string) ([]ApplicationView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	apps, err := s.store.ListApplications(ctx, org)
	if err != nil {
		return nil, err
	}
	apps = slices.DeleteFunc(apps, func(a Application) bool { return s.requireApp(ctx, org, a.ID, RoleViewer) != nil })
	environments, err := s.environmentsByApp(ctx, org, apps)
	if err != nil {
		return nil, err
	}
	views := make([]ApplicationView, 0, len(apps))
	for _, app := range apps {
		views = append(views, ApplicationView{Application: app, Environments: environments[app.ID]})
	}
	return views, nil
}

func (s *Service) environmentsByApp(ctx context.Context, org string, apps []Application) (map[string][]Environment, error) {
	ids := make([]string, 0, len(apps))
	for _, a := range apps {
		ids = append(ids, a.ID)
	}
	environments, err := s.store.ListEnvironmentNames(ctx, org, ids)
	if err != nil {
		return nil, err
	}
	byApp := make(map[string][]Environment, len(apps))
	for _, e := range environments {
		byApp[e.AppID] = append(byApp[e.AppID], e)
	}
	return byApp, nil
}

// GetApplication returns one application.
func (s *Service) GetApplication(ctx context.Context, org, id string) (*ApplicationView, error) {
	app, err := s.readApp(ctx, org, id, RoleViewer)
	if err != nil {
		return nil, err
	}
	return s.viewApplication(ctx, app)
}

func (s *Service) viewApplication(ctx context.Context, app *Application) (*ApplicationView, error) {
	environments, err := s.store.ListEnvironments(ctx, app.OrgID, app.ID)
	if err != nil {
		return nil, err
	}
	return &ApplicationView{Application: *app, Environments: environments}, nil
}

// CreateApplication creates an application, with its first environment unless
// that is to be skipped. Who creates it becomes its owner.
func (s *Service) CreateApplication(ctx context.Context, org string, req ApplicationRequest) (*ApplicationView, error) {
	if err := s.requireOrgPerm(ctx, org, PermAppCreate); err != nil {
		return nil, err
	}
	if err := checkSlug("id", req.ID, maxSlug); err != nil {
		return nil, err
	}
	if err := checkName("name", req.Name); err != nil {
		return nil, err
	}
	first, err := s.firstEnvironment(ctx, org, req)
	if err != nil {
		return nil, err
	}
	actor, now := ActorFrom(ctx), s.now()
	app := &Application{
		OrgID: org, ID: req.ID, Name: req.Name, Status: StatusActive,
		StatusChangedAt: now, CreatedAt: now, CreatedBy: actor.UserID,
	}
	view := &ApplicationView{}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		view.Environments = nil
		if err := s.store.CreateApplication(ctx, app); err != nil {
			return err
		}
		if !actor.System {
			owner := RoleBinding{OrgID: org, SubjectID: actor.UserID, Object: AppObject(org, app.ID), Role: RoleOwner, CreatedAt: now}
			if err := s.store.PutRole(ctx, owner); err != nil {
				return err
			}
		}
		if err := s.addDefaultPipeline(ctx, org, app.ID, now); err != nil {
			return err
		}
		if err := s.audit(ctx, created(org, "application", AppObject(org, app.ID), app)); err != nil || first == nil {
			return err
		}
		env := newEnvironment(org, app.ID, *first, actor, now)
		if err := s.store.CreateEnvironment(ctx, env); err != nil {
			return err
		}
		view.Environments = []Environment{*env}
		return s.audit(ctx, created(org, "environment", EnvObject(env.Ref()), env))
	})
	view.Application = *app
	return view, err
}

// firstEnvironment validates what the first environment shall be; nil for none.
func (s *Service) firstEnvironment(ctx context.Context, org string, req ApplicationRequest) (*EnvironmentRequest, error) {
	if req.SkipEnvironment {
		return nil, nil
	}
	first := EnvironmentRequest{ID: DefaultEnvironmentType, Name: "Development", TypeID: DefaultEnvironmentType}
	if req.Environment != nil {
		first = *req.Environment
		if err := checkSlug("env.id", first.ID, maxSlug); err != nil {
			return nil, err
		}
		if err := checkName("env.name", first.Name); err != nil {
			return nil, err
		}
	}
	if first.TypeID == "" {
		first.TypeID = DefaultEnvironmentType
	}
	if _, err := s.store.GetEnvironmentType(ctx, org, first.TypeID); err != nil {
		return nil, asInvalid(err, "env.type")
	}
	return &first, nil
}

func newEnvironment(org, app string, req EnvironmentRequest, actor Actor, now time.Time) *Environment {
	return &Environment{
		OrgID: org, AppID: app, ID: req.ID, Name: req.Name, TypeID: req.TypeID, FromDeployID: req.FromDeployID,
		QueuePolicy: QueuePolicyQueue, Status: StatusActive, StatusChangedAt: now, CreatedAt: now, CreatedBy: actor.UserID,
	}
}

// RenameApplication changes the name of an application.
func (s *Service) RenameApplication(ctx context.Context, org, id, name string) (*ApplicationView, error) {
	if err := s.requireApp(ctx, org, id, RoleDeveloper); err != nil {
		return nil, err
	}
	if err := checkName("name", name); err != nil {
		return nil, err
	}
	var app *Application
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if app, err = s.store.GetApplication(ctx, org, id); err != nil {
			return err
		}
		before := *app
		app.Name = name
		if err := stale(s.store.UpdateApplication(ctx, app)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "application", AppObject(org, id), before, app))
	})
	if err != nil {
		return nil, err
	}
	return s.viewApplication(ctx, app)
}
