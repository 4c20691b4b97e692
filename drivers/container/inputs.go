package container

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/drivers"
)

// Defaults of inputs.
const (
	defaultShared  = "/home/nonroot/shared"
	defaultTimeout = time.Hour
	maxTimeout     = 24 * time.Hour
)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// reserved are the variables of the contract.
var reserved = []string{
	"ACTION", "SCRIPTS_DIRECTORY", "OUTPUTS_FILE", "SECRET_OUTPUTS_FILE", "ERROR_FILE", "MANIFESTS_FILE", "COOKIE_FILE", "GURESID",
}

// parse reads the inputs of a request. Everything wrong with them is a permanent
// error that names the input.
func parse(r drivers.Request) (Spec, error) {
	p := &parser{}
	job, secretJob := p.object(r.Values, "job"), p.object(r.Secrets, "job")
	s := Spec{
		OrgID: r.OrgID, DeploymentID: r.DeploymentID, GUResID: r.GUResID, Node: r.Type + "." + r.Class + "#" + r.ID, Cookie: r.Cookie,
		Image: p.text(job, "image"), Command: p.command(job), SharedDirectory: p.text(job, "shared_directory"),
		Namespace: p.text(job, "namespace"), ServiceAccount: p.text(job, "service_account"), Timeout: p.timeout(p.text(job, "timeout"), "job"),
		Variables: map[string]string{}, SecretVariables: map[string]string{}, Files: map[string]string{}, Secrets: Leaves(r.Secrets),
	}
	if s.Image == "" {
		p.fail("job.image is missing")
	}
	if s.SharedDirectory == "" {
		s.SharedDirectory = defaultShared
	}
	if s.SharedDirectory = path.Clean(s.SharedDirectory); !path.IsAbs(s.SharedDirectory) || s.SharedDirectory == "/" {
		p.fail("job.shared_directory must be an absolute path below /")
	}
	if s.Namespace == "" {
		s.Namespace = "default"
	}
	s.PodTemplate = p.template(job, "job")
	p.variables(s.Variables, p.object(job, "variables"), "job.variables")
	p.variables(s.SecretVariables, p.object(secretJob, "variables"), "secrets job.variables")
	p.files(s.Files, p.object(r.Values, "files"))
	p.files(s.Files, p.object(r.Secrets, "files"))
	s.Source = p.source(r)
	p.credentials(&s, p.object(r.Values, "credentials_config"), r.Secrets["account"], "")
	s.Cluster = p.cluster(p.object(r.Values, "cluster"), p.object(r.Secrets, "cluster"))
	for name := range s.SecretVariables {
		if _, both := s.Variables[name]; both {
			p.fail("variable %q is given both in values and in secrets; keep one", name)
		}
	}
	if p.err != nil {
		return Spec{}, p.err
	}
	return s, nil
}

// parser keeps the first thing that is wrong.
type parser struct {
	driver string // named in errors; default ID
	err    error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = drivers.Invalid("driver "+cmp.Or(p.driver, ID)+": "+format, args...)
	}
}

func (p *parser) text(m map[string]any, name string) string {
	s, ok := m[name].(string)
	if !ok && m[name] != nil {
		p.fail("%s must be a text", name)
	}
	return s
}

func (p *parser) object(m map[string]any, name string) map[string]any {
	o, ok := m[name].(map[string]any)
	if !ok && m[name] != nil {
		p.fail("%s must be an object", name)
	}
	return o
}

func (p *parser) command(job map[string]any) []string {
	list, ok := job["command"].([]any)
	if !ok && job["command"] != nil {
		p.fail("job.command must be a list of texts")
	}
	var out []string
	for _, e := range list {
		word, ok := e.(string)
		if !ok {
			p.fail("job.command must be a list of texts")
		}
		out = append(out, word)
	}
	return out
}

func (p *parser) timeout(text, where string) time.Duration {
	if text == "" {
		return defaultTimeout
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > maxTimeout {
		p.fail("%s.timeout must be a duration between 1s and 24h such as 30m, not %q", where, text)
	}
	return d
}

func (p *parser) template(job map[string]any, where string) map[string]any {
	switch t := job["pod_template"].(type) {
	case nil:
		return nil
	case map[string]any:
		return drivers.CloneMap(t)
	case string:
		var out map[string]any
		if yaml.Unmarshal([]byte(t), &out) != nil {
			p.fail("%s.pod_template is no YAML object", where)
		}
		return out
	}
	p.fail("%s.pod_template must be a text or an object", where)
	return nil
}

// variables are written as they are when they are texts, others as JSON.
func (p *parser) variables(into map[string]string, all map[string]any, where string) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !variableName.MatchString(name) || slices.Contains(reserved, name) {
			p.fail("%s: %q is no name of a variable that can be set", where, name)
		}
		into[name] = plain(all[name])
	}
}

func plain(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}

func (p *parser) files(into map[string]string, files map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content, ok := files[name].(string)
		if !ok {
			p.fail("files: the content of %q must be a text", name)
		}
		if _, twice := into[name]; twice {
			p.fail("file %q is given twice; keep one", name)
		}
		p.fileName("files", name)
		into[name] = content
	}
}

func (p *parser) fileName(where, name string) {
	if !filepath.IsLocal(name) || path.Clean(name) == "." {
		p.fail("%s: %q must be a relative path that stays inside SCRIPTS_DIRECTORY", where, name)
	}
}

func (p *parser) source(r drivers.Request) *Source {
	values, secrets := p.object(r.Values, "source"), p.object(r.Secrets, "source")
	if values == nil {
		return nil
	}
	s := &Source{
		URL: p.text(values, "url"), Rev: p.text(values, "ref"), Path: strings.TrimPrefix(p.text(values, "path"), "/"),
		Username: p.text(values, "username"), Password: p.text(secrets, "password"), SSHKey: p.text(secrets, "ssh_key"),
	}
	if s.Rev == "" {
		s.Rev = p.text(values, "rev")
	}
	if s.URL == "" {
		p.fail("source needs a url")
	}
	if s.Path != "" && !filepath.IsLocal(s.Path) {
		p.fail("source: path %q must stay inside the repository", s.Path)
	}
	return s
}

// credentials copies fields of the driver account into variables and a file; "*" is the whole account as JSON.
// prefix is put before the names of variables that are not of the environment.
func (p *parser) credentials(s *Spec, config map[string]any, account any, prefix string) {
	if config == nil {
		return
	}
	fields, _ := account.(map[string]any)
	if fields == nil {
		p.fail("credentials_config needs a driver_account, and the definition has none")
		return
	}
	for _, kind := range []string{"environment", "variables"} {
		names := p.object(config, kind)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			key, _ := names[name].(string)
			v, found := fields[key]
			if key == "*" {
				v, found = any(fields), true
			}
			if !found {
				p.fail("credentials_config.%s.%s: the account has no field %q; it has: %s", kind, name, key,
					strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
			}
			if kind == "variables" {
				name = prefix + name
			}
			p.variables(s.SecretVariables, map[string]any{name: v}, "credentials_config."+kind)
		}
	}
	if file := p.text(config, "file"); file != "" {
		p.fileName("credentials_config.file", file)
		s.Files[file] = plain(fields)
	}
}

// cluster reads where the Job runs, in the shape of the outputs of a k8s-cluster resource. An agent_url is not used, as in a delivery.
func (p *parser) cluster(given, secrets map[string]any) Cluster {
	inner := p.object(given, "cluster")
	c := Cluster{Type: p.text(inner, "cluster_type"), Values: inner}
	if c.Type == "" {
		c.Type = "k8s"
	}
	if text, ok := secrets["credentials"].(string); ok {
		if json.Unmarshal([]byte(text), &c.Credentials) != nil {
			p.fail("secrets cluster.credentials is no JSON object")
		}
	} else {
		c.Credentials = p.object(secrets, "credentials")
	}
	if c.Account = p.text(given, "account"); c.Account != "" && c.Credentials != nil {
		p.fail("the cluster is given both cluster.account and secrets cluster.credentials; keep one")
	}
	return c
}

// Leaves lists the scalars of a tree as texts, for redaction.
func Leaves(v any) []string {
	var out []string
	switch t := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(t)) {
			out = append(out, Leaves(t[k])...)
		}
	case []any:
		for _, e := range t {
			out = append(out, Leaves(e)...)
		}
	case string:
		out = append(out, t)
	case float64, int:
		out = append(out, fmt.Sprint(t))
	}
	return out
}
