package orchestrator

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/slipway-dev/slipway/engine/resource"
)

// Seed is what a new installation starts with. Seeding again adds what is
// missing and leaves alone what is there.
type Seed struct {
	OrgID       string
	OrgName     string
	AdminName   string
	AdminEmail  string
	Token       string // of the admin; stored as a hash only. "" makes no token
	EnvTypes    []EnvironmentType
	Types       []ResourceType
	Definitions []SeedDefinition
}

// SeedDefinition is a built-in definition; it ranks behind every definition
// that somebody wrote.
type SeedDefinition struct {
	ID           string
	Name         string
	Type         string
	DriverType   string
	DriverInputs *DriverInputs
	Criteria     []resource.Criteria
	Provision    map[string]resource.Provision
}

// seedTokenID is the id of the admin's first token.
const seedTokenID = "local-admin"

// Seed puts a new installation into its first state. It acts as Slipway itself.
func (s *Service) Seed(ctx context.Context, in Seed) (*User, error) {
	var admin *User
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if admin, err = s.seedAccess(ctx, in); err != nil {
			return err
		}
		return s.seedPlatform(ctx, in)
	})
	if err != nil {
		return nil, fmt.Errorf("seeding organization %q: %w", in.OrgID, err)
	}
	return admin, nil
}

// seedAccess makes the organization, its administrator and the token.
func (s *Service) seedAccess(ctx context.Context, in Seed) (*User, error) {
	if _, err := s.store.GetOrganization(ctx, in.OrgID); IsNotFound(err) {
		err = s.store.CreateOrganization(ctx, &Organization{ID: in.OrgID, Name: in.OrgName, CreatedAt: s.now(), CreatedBy: SystemActor.UserID})
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	admin, err := s.seedAdmin(ctx, in)
	if err != nil || in.Token == "" {
		return admin, err
	}
	hash := HashToken(in.Token)
	if _, err := s.store.TokenByHash(ctx, hash); !IsNotFound(err) {
		return admin, err
	}
	if err := s.store.DeleteToken(ctx, admin.ID, seedTokenID); err != nil && !IsNotFound(err) {
		return nil, err
	}
	return admin, s.store.CreateToken(ctx, &Token{
		UserID: admin.ID, ID: seedTokenID, Type: "static", Description: "made at the first start", Hash: hash,
		CreatedAt: s.now(), CreatedBy: admin.ID,
	})
}

// seedAdmin finds the first administrator or makes one.
func (s *Service) seedAdmin(ctx context.Context, in Seed) (*User, error) {
	roles, err := s.store.RolesOn(ctx, in.OrgID, OrgObject(in.OrgID))
	if err != nil {
		return nil, err
	}
	for _, r := range roles {
		if r.Role == RoleAdministrator {
			return s.store.GetUser(ctx, r.SubjectID)
		}
	}
	admin := &User{ID: newUUID(), Name: in.AdminName, Email: in.AdminEmail, Type: "user", Properties: map[string]any{}, CreatedAt: s.now()}
	if err := s.store.CreateUser(ctx, admin); err != nil {
		return nil, err
	}
	return admin, s.store.PutRole(ctx, RoleBinding{
		OrgID: in.OrgID, SubjectID: admin.ID, Object: OrgObject(in.OrgID), Role: RoleAdministrator, CreatedAt: s.now(),
	})
}

// seedPlatform makes environment types, built-in resource types and definitions.
func (s *Service) seedPlatform(ctx context.Context, in Seed) error {
	for _, t := range in.EnvTypes {
		t.OrgID = in.OrgID
		if err := ifMissing(s.store.GetEnvironmentType(ctx, t.OrgID, t.ID))(func() error { return s.store.CreateEnvironmentType(ctx, &t) }); err != nil {
			return err
		}
	}
	if err := s.seedTypes(ctx, in.Types); err != nil {
		return err
	}
	for _, d := range in.Definitions {
		if err := s.seedOrRefresh(ctx, in.OrgID, d); err != nil {
			return fmt.Errorf("definition %q: %w", d.ID, err)
		}
	}
	return nil
}

// seedOrRefresh makes a built-in definition, or brings one that nobody has
// touched up to what the release and the settings say.
func (s *Service) seedOrRefresh(ctx context.Context, org string, d SeedDefinition) error {
	have, err := s.store.GetDefinition(ctx, org, d.ID)
	if IsNotFound(err) {
		return s.seedDefinition(ctx, org, d)
	}
	if err != nil || !have.IsDefault || have.UpdatedBy != SystemActor.UserID || have.IsDeleted {
		return err
	}
	fresh := s.seedVersion(org, d)
	if sameVersion(have.Active, fresh) {
		return nil
	}
	former := have.Active
	former.Active = false
	if err := s.store.UpdateDefinitionVersion(ctx, &former); err != nil {
		return err
	}
	fresh.Action = "updated"
	if err := s.store.CreateDefinitionVersion(ctx, &fresh); err != nil {
		return err
	}
	have.ActiveVersionID, have.UpdatedAt, have.Active = fresh.ID, fresh.CreatedAt, fresh
	return s.store.UpdateDefinition(ctx, have)
}

// sameVersion compares what two versions say, as JSON, which is how they are kept.
func sameVersion(a, b DefinitionVersion) bool {
	said := func(v DefinitionVersion) string {
		raw, err := json.Marshal([]any{v.Name, v.DriverType, v.DriverAccount, v.DriverInputs, v.Provision})
		if err != nil {
			return err.Error()
		}
		return string(raw)
	}
	return said(a) == said(b)
}

func (s *Service) seedVersion(org string, d SeedDefinition) DefinitionVersion {
	return DefinitionVersion{
		OrgID: org, DefID: d.ID, ID: newUUID(), Name: d.Name, Type: d.Type, DriverType: d.DriverType,
		DriverInputs: d.DriverInputs, Provision: d.Provision, Action: "created", Active: true,
		CreatedAt: s.now(), CreatedBy: SystemActor.UserID,
	}
}

// seedTypes makes the built-in types, and refreshes those that a newer release
// describes differently: they are not for users to change.
func (s *Service) seedTypes(ctx context.Context, types []ResourceType) error {
	have, err := s.store.ListResourceTypes(ctx, BuiltinOrg)
	if err != nil {
		return err
	}
	byID := map[string]ResourceType{}
	for _, t := range have {
		byID[t.ID] = t
	}
	for _, t := range types {
		t.OrgID = BuiltinOrg
		old, ok := byID[t.ID]
		if !ok {
			if err := s.store.CreateResourceType(ctx, &t); err != nil {
				return err
			}
			continue
		}
		t.Version = old.Version
		if err := s.store.UpdateResourceType(ctx, &t); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) seedDefinition(ctx context.Context, org string, d SeedDefinition) error {
	version := s.seedVersion(org, d)
	criteria := make([]resource.Criteria, 0, len(d.Criteria))
	for _, c := range d.Criteria {
		c.ID = newUUID()
		criteria = append(criteria, c)
	}
	return s.store.CreateDefinition(ctx, &Definition{
		OrgID: org, ID: d.ID, Type: d.Type, ActiveVersionID: version.ID, IsDefault: true,
		CreatedAt: version.CreatedAt, CreatedBy: SystemActor.UserID, UpdatedAt: version.CreatedAt, UpdatedBy: SystemActor.UserID,
		Criteria: criteria, Active: version,
	})
}

// ifMissing runs create only when the look-up before it found nothing.
func ifMissing[T any](_ T, err error) func(create func() error) error {
	return func(create func() error) error {
		if IsNotFound(err) {
			return create()
		}
		return err
	}
}
