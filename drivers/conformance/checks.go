package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/slipway-dev/slipway/drivers/external"
)

// check is one check. Those after create use what create made.
type check struct {
	id, expect string
	run        func(*suite, context.Context) verdict
}

// checks in the order in which they run.
var checks = []check{
	{"create", "PUT of a new GUResID ends with 200, with 202 before it as often as needed", (*suite).create},
	{"outputs", "200 carries {type, resource: {values, secrets}, manifests: [{location, data}]}", (*suite).outputs},
	{"secrets-apart", "no secret input and no secret output shows up in resource.values", (*suite).secretsApart},
	{"cookie", "Set-Humanitec-Driver-Cookie has at most 10 kB", (*suite).cookieSize},
	{"same-again", "the same PUT with the cookie ends with 200 and the same outputs", (*suite).sameAgain},
	{"after-a-crash", "the same PUT without the cookie, which a crash may lose, does no harm", (*suite).afterCrash},
	{"unknown-fields", "fields that the contract does not know are ignored", (*suite).unknownFields},
	{"update", "PUT with other inputs ends with 200", (*suite).update},
	{"not-json", "a body that is not JSON is refused with 400", (*suite).notJSON},
	{"bad-inputs", "wrong inputs are refused with 400 and {error, message}, without their secrets", (*suite).badInputs},
	{"foreign-cookie", "a cookie of somebody else is refused or ignored, not an internal error", (*suite).foreignCookie},
	{"many-at-once", "several resources can be created at the same time", (*suite).manyAtOnce},
	{"one-at-once", "the same PUT several times at once gives 200, 202 or 409", (*suite).oneAtOnce},
	{"delete", "DELETE with the cookie ends with 204", (*suite).remove1},
	{"delete-again", "DELETE of what is deleted ends with 204 or 404", (*suite).removeAgain},
	{"delete-unknown", "DELETE of a GUResID that never was ends with 204 or 404", (*suite).removeUnknown},
	{"create-again", "what was deleted can be created anew", (*suite).createAgain},
	{"in-time", "each request is answered soon; long work belongs behind 202", (*suite).inTime},
}

const noCreate = "create failed"

func (s *suite) create(ctx context.Context) verdict {
	id := newID()
	out, err := s.put(ctx, id, "", s.o.Inputs)
	if err != nil {
		return failed("%v", err)
	}
	s.id, s.first = id, out
	return passed()
}

func (s *suite) outputs(context.Context) verdict {
	switch {
	case s.first == nil:
		return skipped(noCreate)
	case s.first.problem != "":
		return failed("%s", s.first.problem)
	case s.first.remark != "":
		return warned("%s", s.first.remark)
	}
	return passed()
}

func (s *suite) secretsApart(context.Context) verdict {
	if s.first == nil || s.first.problem != "" {
		return skipped("there are no outputs to look at")
	}
	raw, err := json.Marshal(s.first.values)
	if err != nil {
		return failed("%v", err)
	}
	for kind, tree := range map[string]map[string]any{"input": s.o.Inputs.Secrets, "output": s.first.secrets} {
		for _, secret := range texts(tree) {
			if quoted, err := json.Marshal(secret); err == nil && strings.Contains(string(raw), strings.Trim(string(quoted), `"`)) {
				return failed("resource.values holds a secret %s; return it in resource.secrets only", kind)
			}
		}
	}
	return passed()
}

// texts are the texts of a tree that are long enough not to occur by chance.
func texts(v any) []string {
	const shortest = 6
	var out []string
	switch t := v.(type) {
	case map[string]any:
		for _, child := range t {
			out = append(out, texts(child)...)
		}
	case []any:
		for _, child := range t {
			out = append(out, texts(child)...)
		}
	case string:
		if len(t) >= shortest {
			out = append(out, t)
		}
	}
	return out
}

func (s *suite) cookieSize(context.Context) verdict {
	switch {
	case s.first == nil:
		return skipped(noCreate)
	case s.cookies > external.MaxCookie:
		return failed("the cookie has %d bytes", s.cookies)
	}
	return passed()
}

// again sends a PUT for what create made.
func (s *suite) again(ctx context.Context, cookie string, body []byte, compare bool) verdict {
	if s.first == nil {
		return skipped(noCreate)
	}
	if s.cookies > external.MaxCookie {
		return skipped("the cookie is too long to be sent back")
	}
	out, err := s.putBody(ctx, s.id, cookie, body)
	if err != nil {
		return failed("%v", err)
	}
	same := reflect.DeepEqual(out.values, s.first.values) && reflect.DeepEqual(out.secrets, s.first.secrets)
	if compare && s.first.problem == "" && !same {
		return failed("the outputs differ from the first ones")
	}
	s.first.cookie = out.cookie
	return passed()
}

func (s *suite) sameAgain(ctx context.Context) verdict {
	if s.first == nil {
		return skipped(noCreate)
	}
	return s.again(ctx, s.first.cookie, s.body(s.o.Inputs), true)
}

func (s *suite) afterCrash(ctx context.Context) verdict {
	if s.first != nil && s.first.cookie == "" {
		return verdict{Pass, "the driver uses no cookie"}
	}
	return s.again(ctx, "", s.body(s.o.Inputs), false)
}

func (s *suite) unknownFields(ctx context.Context) verdict {
	if s.first == nil {
		return skipped(noCreate)
	}
	var tree map[string]any
	if err := json.Unmarshal(s.body(s.o.Inputs), &tree); err != nil {
		return failed("%v", err)
	}
	tree["x-slipway-test"] = map[string]any{"a": []any{1, nil}}
	tree["id"] = s.id
	body, err := json.Marshal(tree)
	if err != nil {
		return failed("%v", err)
	}
	return s.again(ctx, s.first.cookie, body, false)
}

func (s *suite) update(ctx context.Context) verdict {
	if s.first == nil {
		return skipped(noCreate)
	}
	if s.o.Update == nil {
		return skipped("no other inputs were given (--update)")
	}
	if v := s.again(ctx, s.first.cookie, s.body(*s.o.Update), false); v.status != Pass {
		return v
	}
	return s.again(ctx, s.first.cookie, s.body(s.o.Inputs), false) // and back
}

func (s *suite) notJSON(ctx context.Context) verdict {
	id := newID()
	s.left[id] = ""
	got, err := s.send(ctx, http.MethodPut, id, "", []byte(`{"type":`))
	return refused(got, err, nil)
}

func (s *suite) badInputs(ctx context.Context) verdict {
	if s.o.Bad == nil {
		return skipped("no wrong inputs were given (--bad)")
	}
	id := newID()
	s.left[id] = ""
	got, _, _, err := s.settle(ctx, http.MethodPut, id, "", s.body(*s.o.Bad))
	return refused(got, err, texts(s.o.Bad.Secrets))
}

// refused expects 400 with an Error.
func refused(got reply, err error, secrets []string) verdict {
	if err != nil {
		return failed("%v", err)
	}
	for _, secret := range secrets {
		if strings.Contains(string(got.body), secret) {
			return failed("the answer (%d) holds a secret input", got.status)
		}
	}
	if got.status != http.StatusBadRequest {
		return failed("%s", got)
	}
	var tree map[string]any
	_ = json.Unmarshal(got.body, &tree)
	if text, _ := tree["message"].(string); text == "" {
		return warned(`400 without {"error": "RES-1nn", "message": "..."}: %s`, shown(got.body))
	}
	return passed()
}

func (s *suite) foreignCookie(ctx context.Context) verdict {
	if s.first == nil {
		return skipped(noCreate)
	}
	id := newID()
	s.left[id] = ""
	got, cookie, _, err := s.settle(ctx, http.MethodPut, id, "bm90IHlvdXJz", s.body(s.o.Inputs))
	s.left[id] = cookie
	switch {
	case err != nil:
		return failed("%v", err)
	case got.status >= 500:
		return failed("%s", got)
	}
	if _, gone, _ := s.remove(ctx, id, ""); gone {
		delete(s.left, id)
	}
	return passed()
}

// atOnce runs n requests in parallel and gives their errors.
func atOnce(n int, run func(i int) error) []error {
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range n {
		group.Add(1)
		go func() {
			defer group.Done()
			errs[i] = run(i)
		}()
	}
	group.Wait()
	return errs
}

func (s *suite) manyAtOnce(ctx context.Context) verdict {
	if s.first == nil {
		return skipped(noCreate)
	}
	const n = 5
	ids := make([]string, n)
	for i := range ids {
		ids[i] = newID()
	}
	errs := atOnce(n, func(i int) error {
		_, err := s.put(ctx, ids[i], "", s.o.Inputs)
		return err
	})
	for _, id := range ids {
		_, _, _ = s.remove(ctx, id, s.left[id])
	}
	for i, err := range errs {
		if err != nil {
			return failed("resource %d of %d: %v", i+1, n, err)
		}
	}
	return passed()
}

func (s *suite) oneAtOnce(ctx context.Context) verdict {
	if s.first == nil {
		return skipped(noCreate)
	}
	if s.cookies > external.MaxCookie {
		return skipped("the cookie is too long to be sent back")
	}
	body := s.body(s.o.Inputs)
	for _, err := range atOnce(3, func(int) error {
		got, err := s.send(ctx, http.MethodPut, s.id, s.first.cookie, body)
		if err == nil && got.status != http.StatusOK && got.status != http.StatusAccepted && got.status != http.StatusConflict {
			err = fmt.Errorf("%s", got)
		}
		return err
	}) {
		if err != nil {
			return failed("%v", err)
		}
	}
	if out, err := s.put(ctx, s.id, s.first.cookie, s.o.Inputs); err == nil {
		s.first.cookie = out.cookie
	}
	return passed()
}

// deleted expects 204.
func deleted(got reply, gone bool, err error, absent bool) verdict {
	switch {
	case err != nil:
		return failed("%v", err)
	case !gone, got.status == http.StatusNotFound && !absent:
		return failed("%s", got)
	case got.status == http.StatusOK:
		return warned("200; expected 204")
	}
	return passed()
}

func (s *suite) remove1(ctx context.Context) verdict {
	if s.first == nil {
		return skipped(noCreate)
	}
	cookie := s.first.cookie
	if len(cookie) > external.MaxCookie {
		cookie = ""
	}
	got, gone, err := s.remove(ctx, s.id, cookie)
	s.gone = gone
	return deleted(got, gone, err, false)
}

func (s *suite) removeAgain(ctx context.Context) verdict {
	if !s.gone {
		return skipped("nothing was deleted")
	}
	got, gone, err := s.remove(ctx, s.id, "")
	return deleted(got, gone, err, true)
}

func (s *suite) removeUnknown(ctx context.Context) verdict {
	got, gone, err := s.remove(ctx, newID(), "")
	return deleted(got, gone, err, true)
}

func (s *suite) createAgain(ctx context.Context) verdict {
	if !s.gone {
		return skipped("nothing was deleted")
	}
	out, err := s.put(ctx, s.id, "", s.o.Inputs)
	if err != nil {
		return failed("%v", err)
	}
	_, _, _ = s.remove(ctx, s.id, out.cookie)
	return passed()
}

func (s *suite) inTime(context.Context) verdict {
	if s.slowest > s.o.Slow {
		return warned("the slowest request took %s", s.slowest.Round(s.o.Slow/100))
	}
	return passed()
}
