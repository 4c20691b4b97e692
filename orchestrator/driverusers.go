package orchestrator

import (
	"context"
	"strings"
)

// driverUsers names what uses the driver: drivers, definitions, and resources
// that it has to delete one day.
func (s *Service) driverUsers(ctx context.Context, org, driverType string) ([]string, error) {
	var out []string
	registered, err := s.store.ListDrivers(ctx, org)
	if err != nil {
		return nil, err
	}
	for _, d := range registered {
		if d.Target == virtualScheme+driverType {
			out = append(out, "driver "+d.ID)
		}
	}
	definitions, err := s.store.ListDefinitions(ctx, org, false)
	if err != nil {
		return nil, err
	}
	for _, def := range definitions {
		if def.Active.DriverType == driverType {
			out = append(out, "resource definition "+def.ID)
		}
	}
	made, err := s.madeByDriver(ctx, org, driverType)
	return append(out, made...), err
}

// madeByDriver names the resources that a driver has to destroy one day, retired
// ones and failed calls included. Records name the driver that does the work, so
// a virtual one has none.
func (s *Service) madeByDriver(ctx context.Context, org, driverType string) ([]string, error) {
	definitions, err := s.store.ListDefinitions(ctx, org, true)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, def := range definitions {
		resources, err := s.store.ListActiveResourcesOf(ctx, org, def.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range resources {
			uses, err := attemptedBy(s.keeper, &r, driverType)
			if err != nil {
				return nil, err
			}
			if uses {
				out = append(out, "active resource "+r.Key.String()+" of environment "+r.AppID+"/"+r.EnvID)
			}
		}
	}
	return out, nil
}

// checkSameKind refuses a change after which resources would be destroyed by
// another driver than the one that made them: their records name the driver that
// did the work by its id, and it is looked up again when they go.
func (s *Service) checkSameKind(ctx context.Context, old, next *DriverDefinition) error {
	was, will := strings.HasPrefix(old.Target, virtualScheme), strings.HasPrefix(next.Target, virtualScheme)
	if was == will {
		return nil
	}
	made, err := s.madeByDriver(ctx, old.OrgID, driverType(*old))
	if err != nil || len(made) == 0 {
		return err
	}
	conflict := Conflictf("target: driver %q made resources that only it can destroy, and with a target of another kind it would be another driver: %s; "+
		"register the new one under an id of its own and let the definitions name that", old.ID, enumerate(made))
	conflict.Details = map[string]any{"used_by": made}
	return conflict
}
