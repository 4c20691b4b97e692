package orchestrator

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

const (
	maxInputs    = 1 << 20 // bytes of JSON of the values of one definition, and of its provision
	maxProvision = 200     // co-provisioned resources of one definition
)

// checkNewDefinition validates everything that a new definition says.
func (s *Service) checkNewDefinition(ctx context.Context, org string, req DefinitionRequest) error {
	if err := checkRecordID("id", req.ID); err != nil {
		return err
	}
	if err := checkDefinitionContent(req); err != nil {
		return err
	}
	if err := checkCriteria(req.Criteria); err != nil {
		return err
	}
	if err := s.checkTypeName(ctx, org, req.Type); err != nil {
		return err
	}
	return s.checkDriverType(ctx, org, "driver_type", req.DriverType)
}

// checkDefinitionContent validates what can change from version to version, but
// for the driver.
func checkDefinitionContent(req DefinitionRequest) error {
	if err := checkInputsRequest(req.DriverInputs); err != nil {
		return err
	}
	v := DefinitionVersion{Name: req.Name, DriverAccount: req.DriverAccount, Provision: req.Provision}
	if req.DriverInputs != nil {
		v.DriverInputs = &DriverInputs{Values: req.DriverInputs.Values}
	}
	return checkVersion(&v)
}

// checkInputsRequest validates what of driver inputs only a request can have.
func checkInputsRequest(in *DriverInputsRequest) error {
	if in != nil && len(in.Secrets) > 0 && len(in.SecretRefs) > 0 {
		return Invalidf("driver_inputs: give either secrets or secret_refs, not both")
	}
	return nil
}

// checkVersion validates the content of a version. Secrets were validated when
// they were stored.
func checkVersion(v *DefinitionVersion) error {
	if err := checkName("name", v.Name); err != nil {
		return err
	}
	if err := checkText("name", v.Name); err != nil {
		return err
	}
	if err := checkAccount(v.DriverAccount); err != nil {
		return err
	}
	if v.DriverInputs != nil {
		if err := checkSize("driver_inputs.values", v.DriverInputs.Values); err != nil {
			return err
		}
		if err := checkPlaceholders("/driver_inputs/values", v.DriverInputs.Values); err != nil {
			return err
		}
	}
	return checkProvision(v.Provision)
}

// checkAccount accepts the id of an account, or a placeholder for one.
func checkAccount(account string) error {
	refs, err := placeholder.References(account)
	if err != nil {
		return Invalidf("driver_account: %v", err)
	}
	if account == "" || len(refs) > 0 {
		return checkPlaceholders("/driver_account", account)
	}
	return checkRecordID("driver_account", account)
}

func checkProvision(provision map[string]resource.Provision) error {
	if len(provision) > maxProvision {
		return Invalidf("provision: a definition can bring along %d resources at most, these are %d", maxProvision, len(provision))
	}
	for _, key := range sortedNames(provision) {
		if _, err := resource.ParseRef(key); err != nil {
			return Invalidf("provision: %v", err)
		}
		params := provision[key].Params
		if err := checkSize(fmt.Sprintf("provision[%q].params", key), params); err != nil {
			return err
		}
		if err := checkPlaceholders(placeholder.Child("/provision", key)+"/params", params); err != nil {
			return err
		}
	}
	return nil
}

func checkSize(field string, tree map[string]any) error {
	raw, err := json.Marshal(tree)
	if err != nil {
		return Invalidf("%s: it cannot be written as JSON: %v", field, err)
	}
	if len(raw) > maxInputs {
		return Invalidf("%s: %d bytes are too many; at most %d are possible", field, len(raw), maxInputs)
	}
	return nil
}

// checkPlaceholders validates the form of every placeholder below base, a JSON
// pointer. What they name is looked up when a graph is built.
func checkPlaceholders(base string, tree any) error {
	err := placeholder.WalkStrings(tree, func(location, text string) error {
		refs, err := placeholder.References(text)
		if err != nil {
			return Invalidf("%s: %v", base+location, err)
		}
		for _, ref := range refs {
			if ref.Path[0] != "resources" {
				continue
			}
			if _, err := resource.ParsePath(ref); err != nil {
				return Invalidf("%s: %v", base+location, err)
			}
		}
		return nil
	})
	return err
}
