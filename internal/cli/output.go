package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"github.com/charmbracelet/x/term"
)

// The forms of output.
const (
	formTable = "table"
	formJSON  = "json"
	formYAML  = "yaml"
)

// form is the form of output that was asked for.
func (a *app) form() (string, error) {
	form := a.output
	if form == "" {
		form = a.getenv("SLIPWAY_OUTPUT")
	}
	if form == "" {
		return formTable, nil
	}
	if !slices.Contains([]string{formTable, formJSON, formYAML}, form) {
		return "", usagef("--output is table, json or yaml, got %q", form)
	}
	return form, nil
}

// structured reports whether the output is for programs.
func (a *app) structured() bool {
	form, err := a.form()
	return err == nil && form != formTable
}

// show prints what the API answered as JSON or YAML, or lets human print it.
func (a *app) show(raw json.RawMessage, human func() error) error {
	form, err := a.form()
	if err != nil {
		return err
	}
	switch form {
	case formJSON:
		return a.showJSON(raw)
	case formYAML:
		out, err := yamlOf(raw)
		if err != nil {
			return err
		}
		_, err = a.out.Write(out)
		return err
	}
	return human()
}

func (a *app) showJSON(raw json.RawMessage) error {
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(raw), "", "  "); err != nil {
		return fmt.Errorf("the answer is not JSON: %w", err)
	}
	out.WriteByte('\n')
	_, err := a.out.Write(out.Bytes())
	return err
}

// showObject is show for an object that is at hand decoded.
func (a *app) showObject(object any, human func() error) error {
	var raw bytes.Buffer
	encoder := json.NewEncoder(&raw)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		return fmt.Errorf("show the result: %w", err)
	}
	return a.show(raw.Bytes(), human)
}

// say prints a line of the human output. Programs that asked for JSON or YAML get it on standard error, so that standard
// output holds one document.
func (a *app) say(format string, args ...any) {
	w := a.out
	if a.structured() {
		w = a.err
	}
	fmt.Fprintf(w, format+"\n", args...)
}

// isTerminal reports whether a person looks at the stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(f.Fd())
}

// colours reports whether standard output may have colours: NO_COLOR (no-color.org) and dumb terminals forbid them.
func (a *app) colours() bool {
	return isTerminal(a.out) && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb"
}

// paint colours text by what it says about the state of something.
func paint(text string) string {
	code := ""
	switch text {
	case "succeeded", "active":
		code = "32"
	case "failed", "timed_out", "denied", "rejected", "expired", "void":
		code = "31"
	case "in progress", "running":
		code = "36"
	case "cancelled", "superseded", "deleting":
		code = "33"
	}
	if code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
