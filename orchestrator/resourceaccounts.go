package orchestrator

import (
	"context"
	"slices"
	"strings"
)

// ResourceAccountView is an account, and whether anything refers to it.
type ResourceAccountView struct {
	ResourceAccount
	IsUsed bool
}

// AccountUsers are what refers to an account.
type AccountUsers struct {
	Definitions []Definition
	Resources   []ActiveResource
}

// AccountCheck is what a check of an account found.
type AccountCheck struct {
	Identity []IdentityField
	Warnings []string
}

// IdentityField says whose account it is.
type IdentityField struct{ ID, Description, Value string }

// AccountOptions say how an account is created or changed.
type AccountOptions struct {
	DryRun bool // judge only
	Check  bool // demand that the credentials are complete
}

// ListResourceAccountTypes lists the types of accounts by id: those that drivers
// of this release know, and those that drivers of the organization name.
func (s *Service) ListResourceAccountTypes(ctx context.Context, org string) ([]AccountType, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.accountTypesOf(ctx, org)
}

func (s *Service) accountTypesOf(ctx context.Context, org string) ([]AccountType, error) {
	registered, err := s.store.ListDrivers(ctx, org)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(accountTypes)
	for _, d := range registered {
		for _, id := range d.AccountTypes {
			if !slices.ContainsFunc(out, func(t AccountType) bool { return t.Type == id }) {
				out = append(out, AccountType{Type: id, Name: id, InputsSchema: map[string]any{}, OutputsSchema: map[string]any{}})
			}
		}
	}
	slices.SortFunc(out, func(a, b AccountType) int { return strings.Compare(a.Type, b.Type) })
	return out, nil
}

// ListResourceAccounts lists the accounts of an organization, by id.
func (s *Service) ListResourceAccounts(ctx context.Context, org string) ([]ResourceAccountView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	accounts, err := s.store.ListResourceAccounts(ctx, org)
	if err != nil {
		return nil, err
	}
	used, err := s.usedAccounts(ctx, org)
	if err != nil {
		return nil, err
	}
	out := make([]ResourceAccountView, 0, len(accounts))
	for _, a := range accounts {
		out = append(out, ResourceAccountView{a, used[a.ID]})
	}
	return out, nil
}

// usedAccounts are the accounts that something refers to, by id.
func (s *Service) usedAccounts(ctx context.Context, org string) (map[string]bool, error) {
	used := map[string]bool{}
	definitions, err := s.store.ListDefinitions(ctx, org, false)
	if err != nil {
		return nil, err
	}
	for _, def := range definitions {
		used[def.Active.DriverAccount] = true
	}
	resources, err := s.store.AccountUses(ctx, org, "")
	if err != nil {
		return nil, err
	}
	for _, r := range resources {
		used[r.DriverAccount] = true
	}
	return used, nil
}

// GetResourceAccount finds an account.
func (s *Service) GetResourceAccount(ctx context.Context, org, id string) (*ResourceAccountView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.viewAccount(ctx, org, id)
}

func (s *Service) viewAccount(ctx context.Context, org, id string) (*ResourceAccountView, error) {
	a, err := s.store.GetResourceAccount(ctx, org, id)
	if err != nil {
		return nil, err
	}
	users, err := s.accountUsers(ctx, org, id)
	if err != nil {
		return nil, err
	}
	return &ResourceAccountView{*a, len(users.Definitions)+len(users.Resources) > 0}, nil
}

func (s *Service) accountUsers(ctx context.Context, org, id string) (AccountUsers, error) {
	var out AccountUsers
	definitions, err := s.store.ListDefinitions(ctx, org, false)
	if err != nil {
		return out, err
	}
	for _, def := range definitions {
		if def.Active.DriverAccount == id {
			out.Definitions = append(out.Definitions, def)
		}
	}
	out.Resources, err = s.store.AccountUses(ctx, org, id)
	return out, err
}

// CreateResourceAccount stores an account. nil without an error is the answer
// to a dry run.
func (s *Service) CreateResourceAccount(ctx context.Context, org string, a ResourceAccount, credentials map[string]any, o AccountOptions) (*ResourceAccountView, error) {
	if err := s.requireOrgPerm(ctx, org, PermAccountsManage); err != nil {
		return nil, err
	}
	if err := checkRecordID("id", a.ID); err != nil {
		return nil, err
	}
	if credentials == nil {
		return nil, Invalidf("credentials: they are required")
	}
	a.OrgID = org
	if err := s.checkAccountOf(ctx, a, credentials, o.Check); err != nil {
		return nil, err
	}
	at, by := s.now(), ActorFrom(ctx).UserID
	a.CreatedAt, a.CreatedBy, a.UpdatedAt, a.UpdatedBy = at, by, at, by
	var err error
	if a.Sealed, err = sealCredentials(s.keeper, CredentialsPlace("resource_accounts", org, a.ID), credentials); err != nil {
		return nil, err
	}
	if o.DryRun {
		_, err := s.store.GetResourceAccount(ctx, org, a.ID)
		if err == nil {
			return nil, Conflictf("resource account %q already exists", a.ID)
		}
		if IsNotFound(err) {
			err = nil
		}
		return nil, err
	}
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "resource-account", accountObjectPath(org, a.ID), a), s.store.CreateResourceAccount(ctx, &a)
	})
	if err != nil {
		return nil, err
	}
	return s.viewAccount(ctx, org, a.ID)
}

// ChangeResourceAccount changes name and credentials; nil keeps. Credentials
// are replaced as a whole. nil without an error is the answer to a dry run.
func (s *Service) ChangeResourceAccount(ctx context.Context, org, id string, name *string, credentials map[string]any, o AccountOptions) (*ResourceAccountView, error) {
	if err := s.requireOrgPerm(ctx, org, PermAccountsManage); err != nil {
		return nil, err
	}
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		a, err := s.store.GetResourceAccount(ctx, org, id)
		if err != nil {
			return err
		}
		before := snapshot(a)
		setGiven(&a.Name, name)
		judged := credentials
		if judged == nil {
			if judged, err = s.accountCredentials(a); err != nil {
				return err
			}
		}
		if err := s.checkAccountOf(ctx, *a, judged, o.Check); err != nil || o.DryRun {
			return err
		}
		if credentials != nil {
			if a.Sealed, err = sealCredentials(s.keeper, CredentialsPlace("resource_accounts", org, id), credentials); err != nil {
				return err
			}
		}
		a.UpdatedAt, a.UpdatedBy = s.now(), ActorFrom(ctx).UserID
		if err := stale(s.store.UpdateResourceAccount(ctx, a)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "resource-account", accountObjectPath(org, id), before, a))
	})
	if err != nil || o.DryRun {
		return nil, err
	}
	return s.viewAccount(ctx, org, id)
}

// DeleteResourceAccount deletes an account that nothing refers to. The published
// API answers 400 for one in use, with Details["referencing_resources"], here of
// the type AccountUsers.
func (s *Service) DeleteResourceAccount(ctx context.Context, org, id string) error {
	if err := s.requireOrgPerm(ctx, org, PermAccountsManage); err != nil {
		return err
	}
	return s.inTxAgain(ctx, func(ctx context.Context) error {
		before, err := s.store.GetResourceAccount(ctx, org, id)
		if err != nil {
			return err
		}
		users, err := s.accountUsers(ctx, org, id)
		if err != nil {
			return err
		}
		if len(users.Definitions)+len(users.Resources) > 0 {
			inUse := Invalidf("resource account %q is in use by %d resource definitions and %d active resources; let them use another one first",
				id, len(users.Definitions), len(users.Resources))
			inUse.Details = map[string]any{"referencing_resources": users}
			return inUse
		}
		if err := s.store.DeleteResourceAccount(ctx, org, id); err != nil {
			return err
		}
		return s.audit(ctx, deleted(org, "resource-account", accountObjectPath(org, id), before))
	})
}

func accountObjectPath(org, id string) string { return OrgObject(org) + "/resources/accounts/" + id }

// CheckResourceAccount judges whether the credentials of an account are
// complete. It does not sign in with them.
func (s *Service) CheckResourceAccount(ctx context.Context, org, id string) (*AccountCheck, error) {
	if err := s.requireOrgPerm(ctx, org, PermAccountsManage); err != nil {
		return nil, err
	}
	a, err := s.store.GetResourceAccount(ctx, org, id)
	if err != nil {
		return nil, err
	}
	credentials, err := s.accountCredentials(a)
	if err != nil {
		return nil, err
	}
	if err := s.checkAccountOf(ctx, *a, credentials, true); err != nil {
		return nil, err
	}
	typ, _ := findAccountType(a.Type)
	out := &AccountCheck{Warnings: []string{"The credentials are complete. Slipway does not sign in with them, so whether they work is not known."}}
	for _, field := range typ.identity {
		if text, ok := credentials[field].(string); ok && text != "" {
			out.Identity = append(out.Identity, IdentityField{ID: field, Description: strings.ReplaceAll(field, "_", " "), Value: text})
		}
	}
	if typ.exchange {
		out.Warnings = append(out.Warnings, "Accounts of the type "+a.Type+" are handed to drivers as they are; Slipway exchanges them for credentials of the cloud only to reach Kubernetes clusters.")
	}
	return out, nil
}

// checkAccountOf judges an account. Without complete only what is wrong for
// certain is refused: clients create accounts and fill them in later.
func (s *Service) checkAccountOf(ctx context.Context, a ResourceAccount, credentials map[string]any, complete bool) error {
	if err := checkName("name", a.Name); err != nil {
		return err
	}
	if err := checkText("name", a.Name); err != nil {
		return err
	}
	types, err := s.accountTypesOf(ctx, a.OrgID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(types, func(t AccountType) bool { return t.Type == a.Type })
	if i < 0 {
		return Invalidf("type: %q is no type of accounts; there are: %s, and those that registered drivers name", shorten(a.Type), accountTypeNames(types))
	}
	if err := checkSize("credentials", credentials); err != nil {
		return err
	}
	if wrong := types[i].wrongKinds(credentials); len(wrong) > 0 {
		return Invalidf("credentials.%s: expected a text", wrong[0])
	}
	if problems := types[i].problems(credentials); complete && len(problems) > 0 {
		return Invalidf("the credentials of account %q are not those of the type %s: %s", a.ID, a.Type, strings.Join(problems, "; "))
	}
	return nil
}

func (s *Service) accountCredentials(a *ResourceAccount) (map[string]any, error) {
	return openAccount(s.keeper, a)
}

func openAccount(keeper Keeper, a *ResourceAccount) (map[string]any, error) {
	out := map[string]any{}
	if err := openCredentials(keeper, CredentialsPlace("resource_accounts", a.OrgID, a.ID), a.Sealed, &out); err != nil {
		return nil, Wrapf(CodeInternal, err, "the credentials of resource account %q could not be decrypted", a.ID)
	}
	return out, nil
}
