package orchestrator

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The types of registries (published API).
var registryTypes = []string{"public", "basic", "google_gcr", "amazon_ecr", "secret_ref"}

// registryPattern is a domain, perhaps with a port, and a path.
var registryPattern = regexp.MustCompile(`^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?(?:/[a-zA-Z0-9._-]+)*$`)

// RegistryCredentials are what a registry is signed in to with.
type RegistryCredentials struct {
	Username string     `json:"username"`
	Password string     `json:"password"`
	Expires  *time.Time `json:"expires,omitempty"`
}

// RegistryRequest describes a registry; for a change nil and "" keep.
type RegistryRequest struct {
	ID       string
	Registry string
	Type     string
	EnableCI *bool
	Secrets  map[string]ClusterSecret // nil keeps
	Creds    *RegistryCredentials
}

// RegistryAccess is what CI gets to sign in with.
type RegistryAccess struct {
	Registry string
	Creds    *RegistryCredentials
	Secrets  map[string]ClusterSecret
}

// ListRegistries lists the registries of an organization, by id.
func (s *Service) ListRegistries(ctx context.Context, org string) ([]Registry, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.ListRegistries(ctx, org)
}

// GetRegistry finds a registry.
func (s *Service) GetRegistry(ctx context.Context, org, id string) (*Registry, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetRegistry(ctx, org, id)
}

// CreateRegistry stores a registry. Id and registry are unique in the organization.
func (s *Service) CreateRegistry(ctx context.Context, org string, req RegistryRequest) (*Registry, error) {
	if err := s.requireOrgPerm(ctx, org, PermRegistriesWrite); err != nil {
		return nil, err
	}
	if err := checkRecordID("id", req.ID); err != nil {
		return nil, err
	}
	at, by := s.now(), ActorFrom(ctx).UserID
	r := Registry{OrgID: org, ID: req.ID, CreatedAt: at, CreatedBy: by, UpdatedAt: at, UpdatedBy: by}
	if err := s.applyRegistry(&r, req); err != nil {
		return nil, err
	}
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		if err := s.checkRegistryFree(ctx, r); err != nil {
			return err
		}
		if err := s.store.CreateRegistry(ctx, &r); err != nil {
			return err
		}
		return s.audit(ctx, created(org, "registry", registryObjectPath(org, r.ID), r))
	})
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// ChangeRegistry changes what the request names. Credentials are replaced as a
// whole; another type drops those that are not its own.
func (s *Service) ChangeRegistry(ctx context.Context, org, id string, req RegistryRequest) (*Registry, error) {
	if err := s.requireOrgPerm(ctx, org, PermRegistriesWrite); err != nil {
		return nil, err
	}
	if req.ID != "" && req.ID != id {
		return nil, Invalidf("id: registry %q cannot become %q; create another one", id, shorten(req.ID))
	}
	var changed *Registry
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		r, err := s.store.GetRegistry(ctx, org, id)
		if err != nil {
			return err
		}
		changed = r
		before := snapshot(r)
		if err := s.applyRegistry(r, req); err != nil {
			return err
		}
		if err := s.checkRegistryFree(ctx, *r); err != nil {
			return err
		}
		r.UpdatedAt, r.UpdatedBy = s.now(), ActorFrom(ctx).UserID
		if err := stale(s.store.UpdateRegistry(ctx, r)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "registry", registryObjectPath(org, id), before, r))
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// DeleteRegistry deletes a registry with its credentials.
func (s *Service) DeleteRegistry(ctx context.Context, org, id string) error {
	if err := s.requireOrgPerm(ctx, org, PermRegistriesWrite); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		before, err := s.store.GetRegistry(ctx, org, id)
		if err != nil {
			return Change{}, err
		}
		return deleted(org, "registry", registryObjectPath(org, id), before), s.store.DeleteRegistry(ctx, org, id)
	})
}

func registryObjectPath(org, id string) string { return OrgObject(org) + "/registries/" + id }

// RegistryAccess gives the credentials of a registry to CI, when the registry
// allows it.
func (s *Service) RegistryAccess(ctx context.Context, org, id string) (*RegistryAccess, error) {
	if err := s.requireOrgPerm(ctx, org, PermRegistryCreds); err != nil {
		return nil, err
	}
	r, err := s.store.GetRegistry(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if !r.EnableCI {
		return nil, Forbiddenf("registry %q does not give its credentials to CI; set enable_ci to allow it", id)
	}
	out := &RegistryAccess{Registry: r.Registry, Secrets: r.Secrets}
	if len(r.Sealed) > 0 {
		creds, err := registryCredentials(s.keeper, r)
		if err != nil {
			return nil, err
		}
		out.Creds = &creds
	}
	return out, nil
}

// applyRegistry puts a request into a record and judges the whole.
func (s *Service) applyRegistry(r *Registry, req RegistryRequest) error {
	if req.Registry != "" {
		r.Registry = strings.TrimSuffix(req.Registry, "/")
	}
	if req.Type != "" {
		r.Type = req.Type
	}
	setGiven(&r.EnableCI, req.EnableCI)
	if req.Secrets != nil {
		r.Secrets = req.Secrets
	}
	if len(r.Registry) > maxKey || !registryPattern.MatchString(r.Registry) {
		return Invalidf("registry: %q is not valid; use a domain, or a domain and a path, without https://", shorten(r.Registry))
	}
	if !slices.Contains(registryTypes, r.Type) {
		return Invalidf("type: %q is no type of registries; there are: %s", shorten(r.Type), strings.Join(registryTypes, ", "))
	}
	for _, cluster := range sortedNames(r.Secrets) {
		if v := r.Secrets[cluster]; v.Namespace == "" || v.Secret == "" {
			return Invalidf("secrets.%s: namespace and secret are both required", shorten(cluster))
		}
	}
	return s.applyRegistryCreds(r, req.Creds)
}

func (s *Service) applyRegistryCreds(r *Registry, creds *RegistryCredentials) error {
	uses := r.Type != "public" && r.Type != "secret_ref"
	switch {
	case creds != nil && !uses:
		return Invalidf("creds: a registry of the type %s has none", r.Type)
	case r.Type == "secret_ref" && len(r.Secrets) == 0:
		return Invalidf("secrets: a registry of the type secret_ref needs at least one")
	case !uses:
		r.Sealed = nil
		return nil
	case creds == nil && len(r.Sealed) > 0:
		return nil
	case creds == nil:
		return Invalidf("creds: a registry of the type %s needs username and password", r.Type)
	case creds.Username == "" || creds.Password == "":
		return Invalidf("creds: username and password are both required")
	case len(creds.Username)+len(creds.Password) > maxCredential:
		return Invalidf("creds: at most %d bytes are possible", maxCredential)
	}
	fields := map[string]any{"username": creds.Username, "password": creds.Password}
	if creds.Expires != nil {
		fields["expires"] = creds.Expires
	}
	var err error
	r.Sealed, err = sealCredentials(s.keeper, CredentialsPlace("registries", r.OrgID, r.ID), fields)
	return err
}

// checkRegistryFree refuses a registry that another record of the organization is for.
func (s *Service) checkRegistryFree(ctx context.Context, r Registry) error {
	all, err := s.store.ListRegistries(ctx, r.OrgID)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != r.ID && other.Registry == r.Registry {
			return Conflictf("registry: %q is taken by the registry %q", r.Registry, other.ID)
		}
	}
	return nil
}
