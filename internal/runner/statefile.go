package runner

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/drivers/terraform"
)

// stateFile is what is read of a Terraform state: version 4 of its file format,
// which Terraform since 0.12 and OpenTofu write.
type stateFile struct {
	Version int64  `json:"version"`
	Serial  int64  `json:"serial"`
	Lineage string `json:"lineage"`
	Outputs map[string]struct {
		Value     any  `json:"value"`
		Sensitive bool `json:"sensitive"`
	} `json:"outputs"`
	Resources []struct {
		Module    string `json:"module"`
		Mode      string `json:"mode"`
		Type      string `json:"type"`
		Name      string `json:"name"`
		Instances []struct {
			IndexKey   any    `json:"index_key"`
			Deposed    string `json:"deposed"`
			Attributes struct {
				ID any `json:"id"`
			} `json:"attributes"`
		} `json:"instances"`
	} `json:"resources"`
}

var errNoLineage = errors.New("the state has no lineage")

// parseState reads a state file; anything cut short or foreign is an error.
func parseState(raw []byte) (*stateFile, error) {
	var s stateFile
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("the state is not complete JSON: %w", err)
	}
	if s.Version != 4 {
		return nil, fmt.Errorf("the state has format version %d, expected 4", s.Version)
	}
	if s.Lineage == "" {
		return nil, errNoLineage
	}
	return &s, nil
}

// mark names the version of a state; that of none is "" and 0, as in a plan file.
func (s *stateFile) mark() (lineage string, serial int64) {
	if s == nil {
		return "", 0
	}
	return s.Lineage, s.Serial
}

// managed maps the address of every current instance that Terraform manages to
// its id, which is "" for a type without one.
func (s *stateFile) managed() map[string]string {
	out := map[string]string{}
	if s == nil {
		return out
	}
	for _, r := range s.Resources {
		if r.Mode != "managed" {
			continue
		}
		base := r.Type + "." + r.Name
		if r.Module != "" {
			base = r.Module + "." + base
		}
		for _, i := range r.Instances {
			if i.Deposed != "" {
				continue
			}
			id := ""
			if i.Attributes.ID != nil {
				id = fmt.Sprint(i.Attributes.ID)
			}
			out[base+indexOf(i.IndexKey)] = id
		}
	}
	return out
}

// anything reports whether the state holds managed objects, deposed ones included.
func (s *stateFile) anything() bool {
	if s == nil {
		return false
	}
	for _, r := range s.Resources {
		if r.Mode == "managed" && len(r.Instances) > 0 {
			return true
		}
	}
	return false
}

func (s *stateFile) outputs() map[string]terraform.Output {
	out := map[string]terraform.Output{}
	if s == nil {
		return out
	}
	for name, o := range s.Outputs {
		out[name] = terraform.Output{Value: o.Value, Sensitive: o.Sensitive}
	}
	return out
}

// indexOf writes an instance key the way Terraform does in addresses.
func indexOf(key any) string {
	switch k := key.(type) {
	case float64:
		return "[" + strconv.FormatFloat(k, 'f', -1, 64) + "]"
	case string:
		quoted := strconv.Quote(k)
		quoted = strings.ReplaceAll(quoted, "${", "$${")
		return "[" + strings.ReplaceAll(quoted, "%{", "%%{") + "]"
	}
	return ""
}
