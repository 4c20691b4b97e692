package cli

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// artefactKinds are what CI registers and what follows from it.
func artefactKinds() []kind {
	return []kind{
		{
			name: "artefacts", aliases: []string{"artefact", "artifacts", "artifact"}, short: "Artefacts: images and workloads that were registered", need: needOrg, args: []string{"[ARTEFACT]"},
			fetch: func(q query) (json.RawMessage, error) {
				raw, err := q.get(q.OrgPath("artefacts")) // there is no operation for one
				if err != nil || len(q.ids) == 0 {
					return raw, err
				}
				return pick(raw, "artefact "+q.ids[0], func(a api.Artefact) bool { return a.ID == q.ids[0] || a.Name == q.ids[0] })
			},
			table: columns([]string{"ID", "TYPE", "NAME", "UPDATED"}, func(a api.Artefact) []string {
				return []string{a.ID, a.Type, a.Name, ago(a.UpdatedAt)}
			}),
		},
		{
			name: "artefact-versions", aliases: []string{"artefact-version", "artifact-versions", "artifact-version"},
			short: "Versions of all Artefacts, newest first", need: needOrg, args: []string{"[VERSION]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("artefact-versions")) },
			table: columns([]string{"ID", "TYPE", "NAME", "VERSION", "REF", "COMMIT", "CREATED"}, func(v api.ArtefactVersion) []string {
				return []string{v.ID, v.Type, v.Name, v.Version, v.Ref, short12(v.Commit), ago(v.CreatedAt)}
			}),
		},
		{
			name: "images", aliases: []string{"image"}, short: "Images with their builds, as the older API groups them", need: needOrg, args: []string{"[IMAGE]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("images")) },
			table: columns([]string{"ID", "BUILDS", "NEWEST", "BRANCH", "ADDED"}, func(i api.Image) []string {
				row := []string{i.ID, strconv.Itoa(len(i.Builds)), "", "", ago(i.AddedAt)}
				if len(i.Builds) > 0 {
					newest := i.Builds[len(i.Builds)-1]
					row[2], row[3] = newest.Image, newest.Branch
				}
				return row
			}),
		},
		{
			name: "rules", aliases: []string{"rule", "automation-rules", "automation-rule"}, short: "Automation Rules: which pushes an Environment follows", need: needEnv, args: []string{"[RULE]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.EnvPath("rules")) },
			table: columns([]string{"ID", "ACTIVE", "FOLLOWS", "ARTEFACTS"}, func(r api.AutomationRule) []string {
				return []string{r.ID, strconv.FormatBool(r.Active), ruleFollows(r), ruleArtefacts(r)}
			}),
		},
		{
			name: "pushes", aliases: []string{"push"}, short: "Images that rules let through to an Environment, newest first", need: needEnv,
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.EnvPath("pushes")) },
			table: columns([]string{"IMAGE", "REF", "STATUS", "DEPLOYMENT", "PUSHED", "WHY"}, func(p api.Push) []string {
				return []string{p.Image, p.Ref, p.Status, p.DeploymentID, ago(p.CreatedAt), p.Reason}
			}),
		},
	}
}

// webhookKinds are webhooks and what was sent to them.
func webhookKinds() []kind {
	return []kind{
		{
			name: "webhooks", aliases: []string{"webhook", "jobs", "job"}, short: "Webhooks of an Application", need: needApp, args: []string{"[WEBHOOK]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.AppPath("webhooks")) },
			table: columns([]string{"ID", "URL", "EVENTS", "STATE", "SIGNED"}, func(w api.Webhook) []string {
				url, state := "", "active"
				if w.URL != nil {
					url = *w.URL
				}
				if w.Disabled != nil && *w.Disabled {
					state = "disabled"
				}
				return []string{w.ID, url, triggers(w.Triggers), state, strconv.FormatBool(w.Signed)}
			}),
		},
		{
			name: "webhook-deliveries", aliases: []string{"webhook-delivery", "deliveries", "delivery"},
			short: "What was sent to a Webhook, newest first", need: needApp, args: []string{"WEBHOOK", "[DELIVERY]"},
			fetch: func(q query) (json.RawMessage, error) {
				return q.get(q.AppPath(append([]string{"webhooks", q.ids[0], "deliveries"}, q.ids[1:]...)...))
			},
			table: columns([]string{"ID", "EVENT", "ENV", "STATUS", "ATTEMPTS", "ANSWER", "WHEN", "ERROR"}, func(d api.WebhookDelivery) []string {
				answer := ""
				if d.ResponseCode != 0 {
					answer = strconv.Itoa(d.ResponseCode)
				}
				return []string{d.ID, d.Event, d.EnvID, d.Status, strconv.Itoa(d.Attempts), answer, ago(d.CreatedAt), d.Error}
			}),
		},
		{
			name: "webhook-events", aliases: []string{"webhook-event"}, short: "Events that Webhooks can be triggered by, and their variables", need: needOrg,
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.OrgPath("events")) },
			table: columns([]string{"SCOPE", "TYPE", "VARIABLES"}, func(e api.WebhookEvent) []string {
				return []string{e.Scope, e.Type, strings.Join(e.Properties, ", ")}
			}),
		},
	}
}

// ruleFollows says which references a rule follows, in the form it was written in.
func ruleFollows(r api.AutomationRule) string {
	switch {
	case r.MatchRef != "":
		return "ref " + r.MatchRef
	case r.Match != "":
		return r.UpdateTo + " " + r.Match
	case r.UpdateTo == "tag":
		return "every tag"
	}
	return "everything"
}

func ruleArtefacts(r api.AutomationRule) string {
	listed, exclude := r.ArtefactsFilter, r.ExcludeArtefactsFilter
	if len(r.ImagesFilter) > 0 {
		listed, exclude = r.ImagesFilter, r.ExcludeImagesFilter
	}
	switch {
	case len(listed) == 0:
		return "all"
	case exclude:
		return "all but " + strings.Join(listed, ", ")
	}
	return strings.Join(listed, ", ")
}

func triggers(list []api.WebhookTrigger) string {
	var out []string
	for _, t := range list {
		out = append(out, t.Scope+" "+t.Type)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// artefactDeletables are what `delete` takes away of these kinds.
func artefactDeletables() []deletable {
	return []deletable{
		{name: "artefact", aliases: []string{"artifact"}, short: "Delete an Artefact with all its versions", need: needOrg, args: []string{"ARTEFACT"}, warning: "all its versions",
			path: func(s client.Scope, ids []string) string { return s.OrgPath("artefacts", ids[0]) }},
		{name: "rule", aliases: []string{"automation-rule"}, short: "Delete an Automation Rule", need: needEnv, args: []string{"RULE"},
			path: func(s client.Scope, ids []string) string { return s.EnvPath("rules", ids[0]) }},
		{name: "webhook", aliases: []string{"job"}, short: "Delete a Webhook, with what is on its way to it", need: needApp, args: []string{"WEBHOOK"},
			path: func(s client.Scope, ids []string) string { return s.AppPath("webhooks", ids[0]) }},
	}
}
