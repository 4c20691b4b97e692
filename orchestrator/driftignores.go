package orchestrator

import (
	"context"
	"strings"
	"time"
)

// DriftIgnores are what scans for drift do not look at in all environments of an
// organization, or of one application. What an environment itself ignores is in
// its DriftSettings; all three add up.
type DriftIgnores struct {
	OrgID     string
	AppID     string // "" = the organization's
	Ignore    []IgnoredField
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

// Where an ignored field that an environment inherits was set.
const (
	FromOrganization = "organization"
	FromApplication  = "application"
)

// InheritedField is what is ignored because of a wider scope.
type InheritedField struct {
	IgnoredField
	From string // FromOrganization | FromApplication
}

// DriftIgnoresView is what one scope ignores, with what it inherits.
type DriftIgnoresView struct {
	DriftIgnores
	Inherited []InheritedField
}

// DriftSettingsView are the settings of an environment, with what it inherits.
type DriftSettingsView struct {
	DriftSettings
	Inherited []InheritedField
}

// DriftIgnoreStore keeps what scopes wider than an environment ignore.
type DriftIgnoreStore interface {
	// PutDriftIgnores stores those of a scope that has none (Version 0), or replaces them.
	PutDriftIgnores(ctx context.Context, v *DriftIgnores) error
	// GetDriftIgnores is CodeNotFound when the scope has none; app "" = the organization's.
	GetDriftIgnores(ctx context.Context, org, app string) (*DriftIgnores, error)
}

// GetDriftIgnores returns what scans do not look at in all environments of an
// organization (app "") or of an application.
func (s *Service) GetDriftIgnores(ctx context.Context, org, app string) (*DriftIgnoresView, error) {
	if app == "" {
		if err := s.requireOrg(ctx, org); err != nil {
			return nil, err
		}
	} else if err := s.requireAppThere(ctx, org, app, PermAppRead); err != nil {
		return nil, err
	}
	return s.viewDriftIgnores(ctx, org, app)
}

// SetDriftIgnores replaces what scans do not look at in all environments of an
// organization (app ""), or of an application.
func (s *Service) SetDriftIgnores(ctx context.Context, org, app string, ignore []IgnoredField) (*DriftIgnoresView, error) {
	if app == "" {
		if err := s.requireOrgAdmin(ctx, org, "say what scans for drift ignore everywhere"); err != nil {
			return nil, err
		}
	} else if err := s.requireAppThere(ctx, org, app, PermDriftWrite); err != nil {
		return nil, err
	}
	if err := checkIgnored(ignore); err != nil {
		return nil, err
	}
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		there, err := s.driftIgnores(ctx, org, app)
		if err != nil {
			return err
		}
		before := ignoredState(there.Ignore)
		there.Ignore, there.UpdatedAt, there.UpdatedBy = ignore, s.now(), ActorFrom(ctx).UserID
		if err := stale(s.store.PutDriftIgnores(ctx, there)); err != nil {
			return err
		}
		object := OrgObject(org)
		if app != "" {
			object = AppObject(org, app)
		}
		return s.audit(ctx, updated(org, "drift-ignores", object+"/drift/ignored", before, ignoredState(ignore)))
	})
	if err != nil {
		return nil, err
	}
	return s.viewDriftIgnores(ctx, org, app)
}

func ignoredState(ignore []IgnoredField) map[string]any { return map[string]any{"ignore": ignore} }

// requireAppThere lets those pass who have the permission on an application that exists.
func (s *Service) requireAppThere(ctx context.Context, org, app string, p Permission) error {
	if err := s.requireAppPerm(ctx, org, app, p); err != nil {
		return err
	}
	_, err := s.store.GetApplication(ctx, org, app)
	return err
}

func (s *Service) viewDriftIgnores(ctx context.Context, org, app string) (*DriftIgnoresView, error) {
	own, err := s.driftIgnores(ctx, org, app)
	if err != nil {
		return nil, err
	}
	out := &DriftIgnoresView{DriftIgnores: *own}
	if app != "" {
		wider, err := s.driftIgnores(ctx, org, "")
		if err != nil {
			return nil, err
		}
		out.Inherited = inherit(wider, FromOrganization)
	}
	return out, nil
}

// driftIgnores reads those of one scope; empty ones when it has none.
func (s *Service) driftIgnores(ctx context.Context, org, app string) (*DriftIgnores, error) {
	there, err := s.store.GetDriftIgnores(ctx, org, app)
	if IsNotFound(err) {
		return &DriftIgnores{OrgID: org, AppID: app}, nil
	}
	return there, err
}

// inheritedIgnores are what an environment ignores because of its organization
// and its application, in this order.
func (s *Service) inheritedIgnores(ctx context.Context, ref EnvRef) ([]InheritedField, error) {
	organization, err := s.driftIgnores(ctx, ref.OrgID, "")
	if err != nil {
		return nil, err
	}
	application, err := s.driftIgnores(ctx, ref.OrgID, ref.AppID)
	if err != nil {
		return nil, err
	}
	return append(inherit(organization, FromOrganization), inherit(application, FromApplication)...), nil
}

func inherit(d *DriftIgnores, from string) []InheritedField {
	out := make([]InheritedField, 0, len(d.Ignore))
	for _, f := range d.Ignore {
		out = append(out, InheritedField{IgnoredField: f, From: from})
	}
	return out
}

// allIgnored is everything that a scan of an environment does not look at.
func (v *DriftSettingsView) allIgnored() []IgnoredField {
	out := make([]IgnoredField, 0, len(v.Inherited)+len(v.Ignore))
	for _, f := range v.Inherited {
		out = append(out, f.IgnoredField)
	}
	return append(out, v.Ignore...)
}

// checkIgnored judges a list of ignored fields.
func checkIgnored(ignore []IgnoredField) error {
	if len(ignore) > maxIgnoredFields {
		return Invalidf("ignore: at most %d entries, got %d", maxIgnoredFields, len(ignore))
	}
	for i, f := range ignore {
		if f.Path != "" && !strings.HasPrefix(f.Path, "/") {
			return Invalidf("ignore[%d].path: expected a JSON pointer such as /spec/replicas, got %q", i, shorten(f.Path))
		}
		if f == (IgnoredField{}) {
			return Invalidf("ignore[%d]: name a kind, a name or a path; an empty entry would ignore everything", i)
		}
		if len(f.Kind)+len(f.Name)+len(f.Path) > maxIgnoredBytes {
			return Invalidf("ignore[%d]: kind, name and path have more than %d bytes", i, maxIgnoredBytes)
		}
	}
	return nil
}

// maxIgnoredBytes bounds one entry.
const maxIgnoredBytes = 2000
