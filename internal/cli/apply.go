package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/client"
)

// What was done with a manifest.
const (
	resultCreated   = "created"
	resultUpdated   = "updated"
	resultUnchanged = "unchanged"
	resultFailed    = "failed"
)

// applied is the result for one document.
type applied struct {
	File     string   `json:"file"`
	Document int      `json:"document"`
	Kind     string   `json:"kind,omitempty"`
	ID       string   `json:"id,omitempty"`
	Result   string   `json:"result"`
	Changed  []string `json:"changed,omitempty"`
	Error    string   `json:"error,omitempty"`
}

// applier brings manifests to the server.
type applier struct {
	app        *app
	c          *client.Client
	scope      client.Scope
	dryRun     bool
	createOnly bool
}

func (a *app) applyCommand() *cobra.Command {
	var files []string
	var dryRun bool
	cmd := &cobra.Command{
		Use: "apply -f FILE|FOLDER", Short: "Create or update what manifests describe", Args: noArgs,
		Long: "Reads manifests (apiVersion, kind, metadata.id, entity) from files, several documents each, or from all files below a\n" +
			"folder, and makes the server's side look like them. What is the same already stays as it is. Kinds: Definition,\n" +
			"ResourceType, ResourceClass, ResourceDriver, EnvironmentType, Application, Environment, Pipeline, Value.",
		Example: "  slipway apply -f definitions/\n  slipway apply -f pg.yaml --dry-run",
	}
	cmd.Flags().StringArrayVarP(&files, "file", "f", nil, "file or folder; - is standard input; may be given several times")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be done and change nothing")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.applyFiles(cmd.Context(), files, applier{dryRun: dryRun})
	}
	return cmd
}

func (a *app) applyFiles(ctx context.Context, files []string, with applier) error {
	manifests, err := a.readManifests(files)
	if err != nil {
		return err
	}
	return a.applyAll(ctx, manifests, with)
}

// applyAll applies everything, shows a line for each document, and fails at the end when one of them did.
func (a *app) applyAll(ctx context.Context, manifests []manifest, with applier) error {
	_, err := a.form()
	if err != nil {
		return err
	}
	with.app = a
	if with.c, with.scope, err = a.within(needOrg...); err != nil {
		return err
	}
	sortByNeed(manifests)
	results := make([]applied, 0, len(manifests))
	failed := 0
	for _, m := range manifests {
		done := with.apply(ctx, m)
		results = append(results, done)
		if done.Result == resultFailed {
			failed++
			fmt.Fprintln(a.err, m.failure(done.Error))
		} else if !a.structured() {
			a.say("%s %s", m.label(), describeResult(done, with.dryRun))
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	if err := a.showObject(results, func() error { return nil }); err != nil {
		return err
	}
	if failed == 0 {
		return nil
	}
	summary := fmt.Errorf("%d of %d documents failed; correct them and apply again: what is done stays done", failed, len(manifests))
	fmt.Fprintln(a.err, summary)
	return &codedError{exitError, summary, true}
}

// sortByNeed puts what others need first and leaves the order otherwise; broken documents come first of all. A value of an
// Environment needs the one of the Application.
func sortByNeed(manifests []manifest) {
	rank := func(m manifest) int {
		rank := 2 * slices.Index(manifestKinds, m.kind)
		if textOf(m.metadata, "env_id") != "" {
			rank++
		}
		return rank
	}
	slices.SortStableFunc(manifests, func(a, b manifest) int { return rank(a) - rank(b) })
}

func describeResult(done applied, dryRun bool) string {
	text := done.Result
	if dryRun && text != resultUnchanged {
		text = "would be " + text
	}
	if len(done.Changed) > 0 {
		text += " (" + strings.Join(done.Changed, ", ") + ")"
	}
	return text
}

func (p applier) apply(ctx context.Context, m manifest) applied {
	out := applied{File: m.file, Document: m.document, ID: m.id}
	if m.kind != nil {
		out.Kind = m.kind.kind
	}
	err := m.err
	if err == nil {
		out.Result, out.Changed, err = p.reconcile(ctx, m)
	}
	if err != nil {
		out.Result, out.Changed = resultFailed, nil
		out.Error = strings.Join(append([]string{err.Error()}, details(err)...), "\n  ")
	}
	return out
}

// reconcile compares and writes what differs.
func (p applier) reconcile(ctx context.Context, m manifest) (string, []string, error) {
	s, err := p.scopeOf(m)
	if err != nil {
		return "", nil, err
	}
	in := m.whole()
	have, err := p.find(ctx, s, m, in)
	if err != nil {
		return "", nil, err
	}
	if have == nil {
		return resultCreated, nil, p.create(ctx, s, m, in)
	}
	if p.createOnly {
		return "", nil, fmt.Errorf("it exists already; change it with: slipway apply -f %s", m.file)
	}
	for _, field := range m.kind.fixed {
		if value, written := in[field]; written && !sameField(field, value, have[field]) {
			return "", nil, fmt.Errorf("%s is %v and cannot become %v; delete the %s first, or choose another id", field, have[field], value, m.kind.name)
		}
	}
	changed := changedFields(m.kind, in, have)
	wanted, hasCriteria := in["criteria"]
	criteria := m.kind.criteria && hasCriteria && wanted != nil && !sameCriteria(wanted, have["criteria"])
	if len(changed) > 0 && !p.dryRun {
		if _, err := client.Do[client.None](ctx, p.c, m.kind.method, m.kind.item(s, m.id, in), bodyOf(m.kind, in, "criteria")); err != nil {
			return "", nil, err
		}
	}
	if criteria && !p.dryRun {
		if _, err := client.Do[client.None](ctx, p.c, http.MethodPut, m.kind.item(s, m.id, in)+"/criteria", wanted); err != nil {
			return "", nil, fmt.Errorf("set the criteria: %w", err)
		}
	}
	if criteria {
		changed = append(changed, "criteria")
	}
	if len(changed) == 0 {
		return resultUnchanged, nil, nil
	}
	return resultUpdated, changed, nil
}

// scopeOf says where the thing belongs: its metadata wins over the settings.
func (p applier) scopeOf(m manifest) (client.Scope, error) {
	s := p.scope
	if org := textOf(m.metadata, "org_id"); org != "" {
		s.Org = org
	}
	app, env := textOf(m.metadata, "app_id"), textOf(m.metadata, "env_id")
	if app != "" {
		// The Environment of the settings belongs to their Application.
		s.App, s.Env = app, ""
	}
	if env != "" || m.kind.kind != "Value" {
		s.Env = env
	}
	if slices.Contains(m.kind.need, "app") && s.App == "" {
		return s, errors.New("no application: add metadata.app_id, or --app")
	}
	if m.kind.kind == "ResourceClass" && textOf(m.whole(), "resource_type") == "" {
		return s, errors.New("metadata.resource_type is missing: a class belongs to a Resource Type")
	}
	return s, nil
}

// find reads what the server has; nil when it has nothing.
func (p applier) find(ctx context.Context, s client.Scope, m manifest, in map[string]any) (map[string]any, error) {
	if m.kind.inList {
		return p.findInList(ctx, s, m, in)
	}
	path := m.kind.item(s, m.id, in)
	if m.kind.read != nil {
		path = m.kind.read(s, m.id)
	}
	have, err := client.Do[map[string]any](ctx, p.c, http.MethodGet, path, nil)
	if client.IsStatus(err, http.StatusNotFound) {
		return nil, nil
	}
	return have, err
}

func (p applier) findInList(ctx context.Context, s client.Scope, m manifest, in map[string]any) (map[string]any, error) {
	list, err := client.Do[[]map[string]any](ctx, p.c, http.MethodGet, m.kind.list(s, in), nil)
	if err != nil {
		return nil, err
	}
	for _, item := range list {
		if textOf(item, m.kind.idField) != m.id {
			continue
		}
		// An Environment shows the values that it inherits; only its own can be changed there.
		if m.kind.kind == "Value" && s.Env != "" && item["source"] != "env" {
			continue
		}
		return item, nil
	}
	return nil, nil
}

func (p applier) create(ctx context.Context, s client.Scope, m manifest, in map[string]any) error {
	if p.dryRun {
		return nil
	}
	body := bodyOf(m.kind, in)
	body[m.kind.idField] = m.id
	for _, field := range m.kind.fixed {
		if value, ok := in[field]; ok {
			body[field] = value
		}
	}
	if m.kind.kind == "Value" {
		if _, ok := body["description"]; !ok {
			body["description"] = "" // the API asks for one
		}
	}
	_, err := client.Do[json.RawMessage](ctx, p.c, http.MethodPost, m.kind.list(s, in), body)
	return err
}

// whole is the entity, with the display name filled in and what belongs to the path from the metadata.
func (m manifest) whole() map[string]any {
	in := maps.Clone(m.entity)
	if m.kind.named && empty(in["name"]) {
		in["name"] = m.id
	}
	if m.kind.kind == "ResourceClass" && empty(in["resource_type"]) {
		in["resource_type"] = m.metadata["resource_type"]
		if empty(in["resource_type"]) {
			in["resource_type"] = m.metadata["type"]
		}
	}
	return in
}

// bodyOf is what a change sends: the entity without what the path says, what cannot change, and without.
func bodyOf(k *manifestKind, in map[string]any, without ...string) map[string]any {
	out := maps.Clone(in)
	for _, field := range slices.Concat([]string{k.idField, "resource_type"}, k.fixed, without) {
		if field != k.idField && slices.Contains(k.fields, field) {
			continue
		}
		delete(out, field)
	}
	return out
}
