package terraform

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// inputs are the driver inputs of a request, checked.
type inputs struct {
	code            Spec // without the request's own fields
	manifestsOutput string
}

func (in *inputs) spec(r drivers.Request, action string) Spec {
	s := in.code
	s.Action, s.OrgID, s.DeploymentID, s.GUResID = action, r.OrgID, r.DeploymentID, r.GUResID
	s.Node = r.Type + "." + r.Class + "#" + r.ID
	switch action {
	case Provision:
		s.PlanID = r.PlanID
	case Plan:
		s.ScanID = r.ScanID
	case Drift:
		// It belongs to no deployment: neither its log nor its failure does.
		s.DeploymentID, s.ScanID, s.PlanID, s.AppendLogs = "", r.ScanID, readOnly, false
	}
	return s
}

var (
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
	environName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	hostName     = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?$`)
)

// parse reads the inputs of a request. Everything wrong with them is a
// permanent error that names the input.
func parse(r drivers.Request) (*inputs, error) {
	p := &parser{}
	in := &inputs{manifestsOutput: p.text(r.Values, "manifests_output")}
	s := &in.code
	s.Script = p.text(r.Values, "script")
	s.Version = p.text(r.Values, "terraform_version")
	s.AppendLogs = p.flag(r.Values, "append_logs_to_error")
	s.Engine = p.text(r.Values, "engine")
	switch failed := p.text(r.Values, "failed_creates"); failed {
	case "", "again", "ask":
		s.AskFailed = failed == "ask"
	default:
		p.fail("failed_creates must be again or ask, not %q", failed)
	}
	if s.Engine != "" && s.Engine != "terraform" && s.Engine != "opentofu" {
		p.fail("engine must be terraform or opentofu, not %q", s.Engine)
	}
	s.Variables = drivers.CloneMap(p.object(r.Values, "variables"))
	s.SecretVariables = drivers.CloneMap(p.object(r.Secrets, "variables"))
	s.Files = map[string]string{}
	p.files(s.Files, p.object(r.Values, "files"))
	p.files(s.Files, p.object(r.Secrets, "files"))
	s.Source = p.source(r)
	s.Tokens = p.tokens(p.object(p.object(r.Secrets, "terraform"), "tokens"))
	s.Environment = map[string]string{}
	p.credentials(s, p.object(r.Values, "credentials_config"), r.Secrets["account"])
	for _, name := range slices.Sorted(maps.Keys(s.SecretVariables)) {
		if _, both := s.Variables[name]; both {
			p.fail("variable %q is both in values.variables and in secrets.variables; keep one", name)
		}
	}
	for _, name := range append(slices.Sorted(maps.Keys(s.Variables)), slices.Sorted(maps.Keys(s.SecretVariables))...) {
		if !variableName.MatchString(name) {
			p.fail("variables: %q is not a name that Terraform takes", name)
		}
	}
	if s.Script == "" && s.Source == nil && len(s.Files) == 0 {
		p.fail("there is no code to run; give script, files or source")
	}
	s.Secrets = leaves(r.Secrets, nil)
	slices.Sort(s.Secrets)
	if p.err != nil {
		return nil, p.err
	}
	return in, nil
}

// parser keeps the first thing that is wrong.
type parser struct{ err error }

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = drivers.Invalid("driver "+ID+": "+format, args...)
	}
}

func (p *parser) text(m map[string]any, name string) string {
	s, ok := m[name].(string)
	if !ok && m[name] != nil {
		p.fail("%s must be a text", name)
	}
	return s
}

func (p *parser) flag(m map[string]any, name string) bool {
	switch v := m[name].(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		if v == "true" || v == "false" || v == "" {
			return v == "true"
		}
	}
	p.fail("%s must be true or false", name)
	return false
}

func (p *parser) object(m map[string]any, name string) map[string]any {
	o, ok := m[name].(map[string]any)
	if !ok && m[name] != nil {
		p.fail("%s must be an object", name)
	}
	return o
}

// files checks names: they stay inside the working directory and leave
// Terraform's own files alone.
func (p *parser) files(into map[string]string, files map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content, ok := files[name].(string)
		if !ok {
			p.fail("files: the content of %q must be a text", name)
		}
		if _, twice := into[name]; twice {
			p.fail("file %q is given twice, in values and in secrets; keep one", name)
		}
		p.fileName("files", name)
		into[name] = content
	}
}

func (p *parser) fileName(where, name string) {
	clean := filepath.ToSlash(filepath.Clean(name))
	if !filepath.IsLocal(name) || clean == "." {
		p.fail("%s: %q must be a relative path that stays inside the working directory", where, name)
	}
	base := filepath.Base(clean)
	if strings.HasPrefix(base, "terraform.tfstate") || clean == ".terraform" || strings.HasPrefix(clean, ".terraform/") {
		p.fail("%s: %q is kept by Slipway or Terraform; use another name", where, name)
	}
}

func (p *parser) source(r drivers.Request) *Source {
	values, secrets := p.object(r.Values, "source"), p.object(r.Secrets, "source")
	if values == nil {
		return nil
	}
	s := &Source{
		URL: p.text(values, "url"), Rev: p.text(values, "rev"), Path: strings.TrimPrefix(p.text(values, "path"), "/"),
		Username: p.text(values, "username"), Password: p.text(secrets, "password"), SSHKey: p.text(secrets, "ssh_key"),
	}
	if s.Rev == "" {
		s.Rev = p.text(values, "ref")
	}
	if s.URL == "" {
		p.fail("source needs a url")
	}
	if s.Path != "" && !filepath.IsLocal(s.Path) {
		p.fail("source: path %q must stay inside the repository", s.Path)
	}
	return s
}

func (p *parser) tokens(all map[string]any) map[string]string {
	out := map[string]string{}
	for _, host := range slices.Sorted(maps.Keys(all)) {
		token, ok := all[host].(string)
		if !ok || !hostName.MatchString(host) {
			p.fail("secrets.terraform.tokens must map host names to tokens; see %q", host)
		}
		out[host] = token
	}
	return out
}

// credentials copies fields of the driver account to where the definition wants
// them: variables, environment, a file. "*" is the whole account as JSON.
func (p *parser) credentials(s *Spec, config map[string]any, account any) {
	if config == nil {
		return
	}
	fields, _ := account.(map[string]any)
	if fields == nil {
		p.fail("credentials_config needs a driver_account, and the definition has none")
		return
	}
	whole, err := json.Marshal(fields)
	if err != nil {
		p.fail("credentials_config: the account cannot be written as JSON")
	}
	variables := p.object(config, "variables")
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if s.SecretVariables == nil {
			s.SecretVariables = map[string]any{}
		}
		s.SecretVariables[name] = p.credential("variables", name, variables[name], fields, whole)
	}
	environment := p.object(config, "environment")
	for _, name := range slices.Sorted(maps.Keys(environment)) {
		if !environName.MatchString(name) {
			p.fail("credentials_config.environment: %q is not a variable's name", name)
		}
		s.Environment[name] = fmt.Sprint(p.credential("environment", name, environment[name], fields, whole))
	}
	if file := p.text(config, "file"); file != "" {
		p.fileName("credentials_config.file", file)
		s.Files[file] = string(whole)
	}
}

func (p *parser) credential(where, name string, field any, fields map[string]any, whole []byte) any {
	key, _ := field.(string)
	if key == "*" {
		return string(whole)
	}
	v, found := fields[key]
	if !found {
		p.fail("credentials_config.%s.%s: the account has no field %q; it has: %s", where, name, key,
			strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
	}
	return drivers.Clone(v)
}

// leaves lists the scalars of a tree as texts, for redaction.
func leaves(v any, into []string) []string {
	switch t := v.(type) {
	case map[string]any:
		for _, e := range t {
			into = leaves(e, into)
		}
	case []any:
		for _, e := range t {
			into = leaves(e, into)
		}
	case string:
		into = append(into, t)
	case float64, int:
		into = append(into, fmt.Sprint(t))
	}
	return into
}
