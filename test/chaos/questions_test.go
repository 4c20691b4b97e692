package chaos

import (
	"fmt"
	"net/http"
	"time"
)

// answers counts how questions were answered.
type answers struct{ imported, retried, accepted int }

func (a answers) sum() int { return a.imported + a.retried + a.accepted }

// answerAll looks up what is asked about, as a person would, and answers. n tells one person from the next: some remove what
// was left behind and have it made anew.
func (e *environment) answerAll(n int) (given answers) {
	byKey := map[string]map[string]any{}
	for _, r := range e.list(e.path() + "/resources") {
		byKey[fmt.Sprint(r["gu_res_id"])] = r
	}
	for _, q := range e.list(e.path() + "/questions") {
		name := e.asksAbout(q, byKey)
		for !e.records.AtRest(name) {
			time.Sleep(20 * time.Millisecond)
		}
		found := e.records.Named(name)
		answer := map[string]any{"address": q["address"], "answer": "retry"}
		switch {
		case e.leaving(name, byKey):
			for _, r := range found { // it goes anyway: by hand what is left, and leave the rest
				e.records.Drop(r.ID)
			}
			answer["answer"] = "accept"
			given.accepted++
		case len(found) > 0 && n%3 != 2:
			answer["answer"], answer["id"] = "import", found[0].ID
			given.imported++
		default:
			for _, r := range found {
				e.records.Drop(r.ID)
				e.asked[r.Name]++
			}
			given.retried++
		}
		e.again(http.MethodPost, fmt.Sprintf("%s/questions/%v", e.path(), q["run_id"]), answer, http.StatusOK, http.StatusNotFound)
	}
	return given
}

// asksAbout is the name of the record that a question is about.
func (e *environment) asksAbout(q map[string]any, resources map[string]map[string]any) string {
	if inputs, ok := q["inputs"].(map[string]any); ok {
		if name, ok := inputs["name"].(string); ok {
			return name
		}
	}
	for _, r := range resources { // nothing could be planned; the node says which it is
		if q["node"] == fmt.Sprintf("%v.%v#%v", r["type"], r["class"], r["res_id"]) && r["retired"] != true {
			return e.nameOf(r)
		}
	}
	e.t.Errorf("nobody knows what is asked: %v", q)
	return ""
}

// leaving reports whether the resource of that name is being destroyed.
func (e *environment) leaving(name string, resources map[string]map[string]any) bool {
	for _, r := range resources {
		if e.nameOf(r) == name {
			return r["status"] == "deleting"
		}
	}
	return false
}
