package template

import (
	"context"
	"fmt"
	"text/template"

	"github.com/slipway-dev/slipway/drivers"
)

// Check parses the templates of a definition's driver inputs without running
// them, and returns everything that is wrong with them, each as an error that
// names the template and the line. Whether they render depends on what they are given.
func Check(values, secrets map[string]any) []error {
	templates, ok := values["templates"].(map[string]any)
	if !ok {
		return []error{drivers.Invalid("driver input values.templates is missing or not an object; give at least one of init, manifests, outputs, secrets, cookie below it")}
	}
	e := newEngine(context.Background(), DefaultLimits())
	defer e.release()
	var out []error
	note := func(err error) {
		if err != nil {
			out = append(out, err)
		}
	}
	known := []string{nameInit, nameManifests, nameOutputs, nameSecrets, nameCookie}
	for _, name := range unknownTemplates(templates) {
		hint := ""
		if near := drivers.Closest(name, known); near != "" {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		note(drivers.Invalid("templates.%s is not a template this driver knows%s", name, hint))
	}
	for _, name := range known {
		e.eachText("templates."+name, templates[name], func(name, text string) { note(e.check(name, text)) })
	}
	if below, ok := secrets["templates"].(map[string]any); ok {
		e.eachText(secretTemplateName, below[nameOutputs], func(name, text string) { note(e.check(name, text)) })
	}
	return out
}

// eachText visits the texts of a template: itself, or its string leaves, in order.
func (e *engine) eachText(name string, source any, fn func(name, text string)) {
	switch t := source.(type) {
	case string:
		fn(name, t)
	case map[string]any:
		for _, k := range sortedKeys(t) {
			e.eachText(name+"."+k, t[k], fn)
		}
	case []any:
		for i := range t {
			e.eachText(fmt.Sprintf("%s[%d]", name, i), t[i], fn)
		}
	}
}

func (e *engine) check(name, text string) error {
	_, err := e.parse(name, text)
	return err
}

// random lists the functions that give something else each time, in the order in which Random names them.
var random = []string{
	"randAlphaNum", "randAlpha", "randNumeric", "randAscii", "randBytes", "randInt", "shuffle", "uuidv4", "now", "ago",
	"bcrypt", "htpasswd", "encryptAES", "genPrivateKey", "genCA", "genSelfSignedCert", "genSignedCert",
}

// Random names the functions in the templates of driver inputs whose results
// differ from run to run: without a cookie the resource changes with every deployment.
func Random(values, secrets map[string]any) []string {
	e := newEngine(context.Background(), DefaultLimits())
	defer e.release()
	used := map[string]bool{}
	note := func(_, text string) {
		for name := range e.used(text) {
			used[name] = used[name] || e.calls(text, name)
		}
	}
	templates, _ := values["templates"].(map[string]any)
	e.eachText("", templates, note)
	below, _ := secrets["templates"].(map[string]any)
	e.eachText("", below[nameOutputs], note)
	var out []string
	for _, name := range random {
		if used[name] || used[name+"WithKey"] {
			out = append(out, name)
		}
	}
	return out
}

// calls reports whether a template calls a function: without it, it does not parse.
func (e *engine) calls(text, name string) bool {
	funcs := e.used(text)
	if _, err := template.New(innerName).Funcs(funcs).Parse(text); err != nil {
		return false
	}
	delete(funcs, name)
	_, err := template.New(innerName).Funcs(funcs).Parse(text)
	return err != nil
}
