package orchestrator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// DefinitionTest asks what a definition makes of given inputs. Either Definition
// (a draft, stored nowhere) or DefID is given; with both the draft counts, and its
// id must be DefID.
type DefinitionTest struct {
	DefID      string
	VersionID  string // of DefID; "" is the one in use
	Definition *DefinitionRequest
	// Context fills the placeholders of context that Placeholders does not give. Empty fields have no value.
	Context DefinitionTestContext
	// The rest is as in DefinitionTrial.
	Cookie       any
	Placeholders map[string]any
	Resource     map[string]any
	Secrets      map[string]any
	Default      *string
}

// DefinitionTestContext is where the resource would be. Nothing of it has to exist.
type DefinitionTestContext struct{ AppID, EnvID, EnvType, Class, ResID string }

// How a test of a definition ended.
const (
	TestComputed = "computed" // the driver has run; the outputs are those that it gives
	TestNotRun   = "not_run"  // its driver reaches outside and was not called
	TestFailed   = "failed"   // see Problems
)

// DefinitionTestResult is what came of it, with secrets hidden.
type DefinitionTestResult struct {
	Status   string
	Result   TrialResult // without content when it failed
	Problems []TestProblem
	// Unstable names the outputs and manifests that a second call with the cookie
	// of the first gives otherwise, such as values/name: each deployment would change them.
	Unstable []string
}

// TestProblem is one thing that is wrong with a definition or with the inputs of its test.
type TestProblem struct {
	Message string
	// Path is a JSON pointer into the definition as it is sent to the API; "" when it is about nothing in particular.
	Path string
	// Line counts from 1 within the text at Path; 0 when it is about all of it.
	Line int
	// Placeholder has no value; "" when the problem is another one.
	Placeholder string
}

// TestDefinition resolves a definition's inputs with what is given and calls its
// driver when that only computes. Nothing is stored, nothing outside is reached,
// and no secret is read: those of the definition have the values that are given, or
// none. Values of secrets are hidden in the answer. What is wrong with the
// definition is part of the answer, not an error.
func (s *Service) TestDefinition(ctx context.Context, org string, req DefinitionTest) (*DefinitionTestResult, error) {
	if err := s.requireOrgAdmin(ctx, org, "test resource definitions"); err != nil {
		return nil, err
	}
	definition, err := s.testedDefinition(ctx, org, req)
	if err != nil {
		return nil, err
	}
	for name, tree := range map[string]map[string]any{"placeholders": req.Placeholders, "resource": req.Resource, "secrets": req.Secrets} {
		if err := checkSize(name, tree); err != nil {
			return nil, err
		}
	}
	out, err := s.runTest(ctx, org, *definition, req)
	if err != nil {
		return nil, err
	}
	s.log.InfoContext(ctx, "definition tested", slog.String("definition", org+"/"+definition.ID), slog.String("driver", definition.DriverType),
		slog.String("status", out.Status), slog.Int("problems", len(out.Problems)))
	return out, nil
}

// testedDefinition is the draft, or a stored version as those see it who read it.
func (s *Service) testedDefinition(ctx context.Context, org string, req DefinitionTest) (*DefinitionRequest, error) {
	switch {
	case req.Definition == nil && req.DefID == "":
		return nil, Invalidf("give def_id, the definition to test, or definition, a draft of one")
	case req.Definition != nil && req.VersionID != "":
		return nil, Invalidf("version_id: give either a draft or a version")
	case req.Definition != nil && req.DefID != "" && req.Definition.ID != "" && req.Definition.ID != req.DefID:
		return nil, Invalidf("def_id: %q is not the id of the definition, %q", shorten(req.DefID), shorten(req.Definition.ID))
	case req.Definition != nil:
		draft := *req.Definition
		draft.ID = cmp.Or(draft.ID, req.DefID, "draft")
		return &draft, nil
	}
	found, err := s.findDefinition(ctx, org, req.DefID, false)
	if err != nil {
		return nil, err
	}
	v := &found.Active
	if req.VersionID != "" {
		if v, err = s.store.GetDefinitionVersion(ctx, org, req.DefID, req.VersionID); err != nil {
			return nil, err
		}
	}
	out := &DefinitionRequest{ID: v.DefID, Name: v.Name, Type: v.Type, DriverType: v.DriverType, DriverAccount: v.DriverAccount, Provision: v.Provision}
	if in := v.DriverInputs.Shown(); in != nil {
		out.DriverInputs = &DriverInputsRequest{Values: in.Values, SecretRefs: in.SecretRefs}
	}
	return out, nil
}

func (s *Service) runTest(ctx context.Context, org string, definition DefinitionRequest, req DefinitionTest) (*DefinitionTestResult, error) {
	trial := DefinitionTrial{Definition: definition, Cookie: req.Cookie, Resource: req.Resource, Secrets: req.Secrets, Default: req.Default, secretsField: "secrets",
		Placeholders: req.Context.placeholders(org, req.Placeholders)}
	hide := newHider(req.Secrets, definition.DriverInputs)
	driver, err := s.testDriver(ctx, org, definition)
	if err == nil {
		err = checkDefinitionContent(definition)
	}
	if err != nil {
		return failedTest(hide, err)
	}
	result, request, err := tryWith(ctx, driver, trial)
	if request != nil {
		hide.add(request.Secrets)
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, Wrapf(CodeUnavailable, ctx.Err(), "the test was interrupted; try again")
		}
		return failedTest(hide, err)
	}
	out := &DefinitionTestResult{Status: TestComputed}
	if result.NotRun != "" {
		out.Status = TestNotRun
	} else if out.Unstable, err = unstable(ctx, driver, trial, result); err != nil {
		return failedTest(hide, fmt.Errorf("called again with the cookie of the first call: %w", err))
	}
	hide.add(result.Secrets)
	out.Result = hide.result(*result)
	return out, nil
}

// placeholders adds what the context tells to what is given.
func (c DefinitionTestContext) placeholders(org string, given map[string]any) map[string]any {
	out := map[string]any{"context.org.id": org}
	for name, v := range map[string]string{
		"context.app.id": c.AppID, "context.env.id": c.EnvID, "context.env.type": c.EnvType, "context.res.class": c.Class, "context.res.id": c.ResID,
	} {
		if v != "" {
			out[name] = v
		}
	}
	maps.Copy(out, given)
	return out
}

// testDriver finds what stands behind a driver_type. A driver of the
// organization at an address of its own is not called.
func (s *Service) testDriver(ctx context.Context, org string, definition DefinitionRequest) (trialDriver, error) {
	id := definition.DriverType
	if err := s.checkDriverType(ctx, org, "driver_type", id); err != nil {
		return trialDriver{}, err
	}
	book, err := loadRegisteredDrivers(ctx, s.store, org)
	if err != nil {
		return trialDriver{}, err
	}
	way, last, err := book.follow(id)
	if err != nil {
		return trialDriver{}, err
	}
	out := trialDriver{}
	if end, registered := book[last]; registered {
		out.descriptor = drivers.Descriptor{ID: last, ResourceType: end.Type, Kind: drivers.Heavy, InputsSchema: end.InputsSchema}
		out.notRun = fmt.Sprintf("driver %s runs at %s and was not called; these are the inputs that it would get", last, end.Target)
	} else {
		var runs bool
		out.driver, out.descriptor, runs = s.registry.Get(last)
		out.notRun = notRun(s.registry, last, out.descriptor, runs)
	}
	resolved := &resolvedDriver{id: last, driver: out.driver, descriptor: out.descriptor, way: way}
	out.expand = resolved.expand
	return out, nil
}

// unstable calls the driver again with the cookie that it gave, and names what differs.
func unstable(ctx context.Context, driver trialDriver, trial DefinitionTrial, first *TrialResult) ([]string, error) {
	trial.Cookie = first.Cookie
	second, _, err := tryWith(ctx, driver, trial)
	if err != nil {
		return nil, err
	}
	var out []string
	for part, pair := range map[string][2]map[string]any{
		"values": {first.Values, second.Values}, "secrets": {first.Secrets, second.Secrets}, "manifests": {manifestTree(first), manifestTree(second)},
	} {
		for name, v := range pair[0] {
			if !reflect.DeepEqual(v, pair[1][name]) {
				out = append(out, part+"/"+name)
			}
		}
		for name := range pair[1] {
			if _, both := pair[0][name]; !both {
				out = append(out, part+"/"+name)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

func manifestTree(r *TrialResult) map[string]any {
	out := make(map[string]any, len(r.Manifests))
	for name, m := range r.Manifests {
		out[name] = m
	}
	return out
}

// failedTest turns what is wrong into problems of the answer; faults of Slipway's own stay errors.
func failedTest(hide *hider, err error) (*DefinitionTestResult, error) {
	var domain *Error
	var driver *drivers.Error
	if !errors.As(err, &driver) && (!errors.As(err, &domain) || domain.Code != CodeInvalid) {
		return nil, err
	}
	out := &DefinitionTestResult{Status: TestFailed}
	if domain != nil {
		if missing, ok := domain.Details["missing"].([]TrialMissing); ok {
			out.Problems = missingProblems(missing)
			return out, nil
		}
	}
	p := TestProblem{Message: hide.text(err.Error())}
	p.Path, p.Line = problemAt(p.Message)
	out.Problems = []TestProblem{p}
	return out, nil
}

func missingProblems(missing []TrialMissing) []TestProblem {
	var out []TestProblem
	for _, m := range missing {
		message := fmt.Sprintf("placeholder ${%s} has no value", m.Placeholder)
		if m.Near != "" {
			message += "; given is " + m.Near
		}
		for _, path := range m.UsedIn {
			out = append(out, TestProblem{Message: message, Path: path, Placeholder: m.Placeholder})
		}
	}
	return out
}

var (
	templateProblem = regexp.MustCompile(`(secrets\.)?\btemplates((?:\.[A-Za-z0-9_-]+)+)(?: line (\d+))?`)
	pointerProblem  = regexp.MustCompile(`/driver_inputs(?:/[^\s:,]+)+`)
	fieldProblem    = regexp.MustCompile(`\b(?:driver_inputs\.[A-Za-z0-9_.-]*[A-Za-z0-9_]|driver_type|driver_account|type|name|provision)\b`)
)

// problemAt finds what of the definition a message is about: the messages of
// drivers and of the checks of definitions name it in one of these ways.
func problemAt(message string) (path string, line int) {
	if m := templateProblem.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[3])
		return "/driver_inputs/" + cmp.Or(strings.TrimSuffix(m[1], "."), "values") + "/templates" + strings.ReplaceAll(m[2], ".", "/"), line
	}
	if m := pointerProblem.FindString(message); m != "" {
		return m, 0
	}
	field, _, _ := strings.Cut(message, ":")
	if m := fieldProblem.FindString(field); m != "" && m == field {
		return "/" + strings.ReplaceAll(m, ".", "/"), 0
	}
	return "", 0
}
