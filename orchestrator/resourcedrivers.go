package orchestrator

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/template"
)

// virtualScheme marks the target of a driver that is built on another one.
const virtualScheme = "driver://"

const maxTarget = 2048 // characters of a target

// ListDrivers lists the drivers that the organization registered, then the
// built-in ones; each by id.
func (s *Service) ListDrivers(ctx context.Context, org string) ([]DriverDefinition, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	own, err := s.store.ListDrivers(ctx, org)
	if err != nil {
		return nil, err
	}
	return append(own, s.builtinDrivers()...), nil
}

func (s *Service) builtinDrivers() []DriverDefinition {
	var out []DriverDefinition
	for _, info := range s.drivers.List() {
		out = append(out, DriverDefinition{
			OrgID: BuiltinOrg, ID: strings.TrimPrefix(info.ID, BuiltinOrg+"/"), Type: info.Type,
			AccountTypes: info.AccountTypes, InputsSchema: info.InputsSchema,
		})
	}
	slices.SortFunc(out, func(a, b DriverDefinition) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// GetDriver finds a driver of the organization, else a built-in one. The id may
// have its organization in front: humanitec/echo.
func (s *Service) GetDriver(ctx context.Context, org, id string) (*DriverDefinition, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	own, err := s.store.GetDriver(ctx, org, strings.TrimPrefix(id, org+"/"))
	if !IsNotFound(err) {
		return own, err
	}
	if builtin := s.builtinDriver(id); builtin != nil {
		return builtin, nil
	}
	return nil, err
}

func (s *Service) builtinDriver(id string) *DriverDefinition {
	id = strings.TrimPrefix(id, BuiltinOrg+"/")
	for _, d := range s.builtinDrivers() {
		if d.ID == id {
			return &d
		}
	}
	return nil
}

// CreateDriver registers a driver. Definitions name it as <org>/<id>.
func (s *Service) CreateDriver(ctx context.Context, org string, d DriverDefinition) (*DriverDefinition, error) {
	if err := s.requireOrgAdmin(ctx, org, "register drivers"); err != nil {
		return nil, err
	}
	if err := checkRecordID("id", d.ID); err != nil {
		return nil, err
	}
	d.OrgID = org
	if err := s.checkDriverDefinition(ctx, &d); err != nil {
		return nil, err
	}
	return &d, s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "driver", driverObjectPath(org, d.ID), d), s.store.CreateDriver(ctx, &d)
	})
}

// ReplaceDriver replaces everything but the id of a driver. It answers
// CodeConflict when a driver that runs elsewhere becomes a virtual one, or the
// other way round, while it has resources to destroy: details.used_by lists them.
// To another address it moves with all that it made. A virtual driver with
// another target is another driver to each definition that names it.
func (s *Service) ReplaceDriver(ctx context.Context, org string, d DriverDefinition) (*DriverDefinition, error) {
	if err := s.requireOrgAdmin(ctx, org, "change drivers"); err != nil {
		return nil, err
	}
	d.OrgID = org
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		old, err := s.ownDriver(ctx, org, d.ID)
		if err != nil {
			return err
		}
		if err := s.checkDriverDefinition(ctx, &d); err != nil {
			return err
		}
		if err := s.checkSameKind(ctx, old, &d); err != nil {
			return err
		}
		d.Version = old.Version
		if err := stale(s.store.UpdateDriver(ctx, &d)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "driver", driverObjectPath(org, d.ID), old, d))
	})
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// DeleteDriver removes a driver that no definition, no active resource and no
// other driver uses.
func (s *Service) DeleteDriver(ctx context.Context, org, id string) error {
	if err := s.requireOrgAdmin(ctx, org, "delete drivers"); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		before, err := s.ownDriver(ctx, org, id)
		if err != nil {
			return err
		}
		users, err := s.driverUsers(ctx, org, org+"/"+id)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			conflict := Conflictf("driver %q is in use: %s", id, enumerate(users))
			conflict.Details = map[string]any{"used_by": users}
			return conflict
		}
		if err := s.store.DeleteDriver(ctx, org, id); err != nil {
			return err
		}
		return s.audit(ctx, deleted(org, "driver", driverObjectPath(org, id), before))
	})
}

func driverObjectPath(org, id string) string { return OrgObject(org) + "/resources/drivers/" + id }

// ownDriver finds a driver that the organization may change.
func (s *Service) ownDriver(ctx context.Context, org, id string) (*DriverDefinition, error) {
	d, err := s.store.GetDriver(ctx, org, id)
	if IsNotFound(err) && s.builtinDriver(id) != nil {
		return nil, Forbiddenf("driver %q is built in and cannot be changed", id)
	}
	return d, err
}

// enumerate shows the first of many.
func enumerate(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// checkDriverDefinition validates a driver and fills in what may be left out.
func (s *Service) checkDriverDefinition(ctx context.Context, d *DriverDefinition) error {
	if err := s.checkTypeName(ctx, d.OrgID, d.Type); err != nil {
		return err
	}
	if d.AccountTypes == nil {
		d.AccountTypes = []string{}
	}
	if err := checkAccountTypes(d.AccountTypes); err != nil {
		return err
	}
	d.InputsSchema = orEmpty(d.InputsSchema)
	if err := checkSize("inputs_schema", d.InputsSchema); err != nil {
		return err
	}
	if err := checkSize("template", map[string]any{"template": d.Template}); err != nil {
		return err
	}
	target, virtual := strings.CutPrefix(d.Target, virtualScheme)
	if !virtual {
		return checkTarget(d.Target)
	}
	if target == d.OrgID+"/"+d.ID {
		return Invalidf("target: driver %q cannot be built on itself", d.ID)
	}
	if err := s.checkDriverType(ctx, d.OrgID, "target", target); err != nil {
		return err
	}
	if err := template.CheckInputs(d.Template); err != nil {
		return Invalidf("%v", err)
	}
	return s.checkChains(ctx, d)
}

func checkAccountTypes(types []string) error {
	for i, t := range types {
		if t == "" || len(t) > maxKey {
			return Invalidf("account_types[%d]: %q is not valid; use the name of an account type, such as aws", i, shorten(t))
		}
	}
	return nil
}

// checkTarget validates the address of a driver. What it resolves to is checked
// each time it is called, so that it may change.
func checkTarget(target string) error {
	address, err := url.Parse(target)
	if err != nil || address.Hostname() == "" || (address.Scheme != "https" && address.Scheme != "http") || len(target) > maxTarget {
		return Invalidf("target: %q is not valid; use the https:// address of the driver, or driver://<org>/<driver> to build on another one",
			shorten(redactedTarget(address, target)))
	}
	if address.User != nil {
		return Invalidf("target: the address has a user or a password in it, which would be shown to everybody; " +
			"give the driver credentials in the secrets of its definitions")
	}
	if address.RawQuery != "" || address.ForceQuery || address.Fragment != "" {
		return Invalidf("target: the address has something behind ? or #, but the id of the resource is appended to it; use a plain prefix")
	}
	return nil
}

// redactedTarget is the target as a message may show it.
func redactedTarget(address *url.URL, target string) string {
	if address != nil {
		return address.Redacted()
	}
	if strings.Contains(target, "@") {
		return "(not shown, it may hold a password)"
	}
	return target
}

// checkChains refuses a virtual driver that would stand on itself, or on too
// many others, and one that would do this to those that stand on it.
func (s *Service) checkChains(ctx context.Context, d *DriverDefinition) error {
	book, err := loadRegisteredDrivers(ctx, s.store, d.OrgID)
	if err != nil {
		return err
	}
	changed := maps.Clone(book)
	changed[driverType(*d)] = *d
	for _, id := range sortedNames(changed) {
		_, _, before := book.follow(id)
		if _, _, after := changed.follow(id); after != nil && (before == nil || id == driverType(*d)) {
			return Invalidf("target: %v", after)
		}
	}
	return nil
}

// checkDriverType validates the driver that a definition names: a built-in one,
// whether or not it runs on this server, or one that the organization registered.
func (s *Service) checkDriverType(ctx context.Context, org, field, driverType string) error {
	if driverType == "" {
		return Invalidf("%s: a driver is required, such as humanitec/template", field)
	}
	if s.drivers.Known(driverType) {
		return nil
	}
	registered, err := s.store.ListDrivers(ctx, org)
	if err != nil {
		return err
	}
	var known []string
	for _, d := range registered {
		if d.OrgID+"/"+d.ID == driverType {
			return nil
		}
		known = append(known, d.OrgID+"/"+d.ID)
	}
	for _, info := range s.drivers.List() {
		known = append(known, info.ID)
	}
	if near := drivers.Closest(driverType, known); near != "" {
		return Invalidf("%s: there is no driver %q; did you mean %q?", field, shorten(driverType), near)
	}
	return Invalidf("%s: there is no driver %q; the operation GET /orgs/%s/resources/drivers lists them", field, shorten(driverType), org)
}
