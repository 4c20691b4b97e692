package drivers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/drivers/echo"
)

func full(t *testing.T) *drivers.Registry {
	t.Helper()
	r := drivers.NewRegistry()
	require.NoError(t, builtin.Register(r))
	return r
}

func TestRegistryFindsByIDAndAlias(t *testing.T) {
	t.Parallel()
	r := full(t)
	for _, id := range []string{"humanitec/echo", "humanitec/static"} {
		d, desc, ok := r.Get(id)
		require.True(t, ok, id)
		require.Equal(t, "humanitec/echo", desc.ID)
		require.IsType(t, echo.Echo{}, d)
	}
	_, _, ok := r.Get("")
	require.False(t, ok)
}

func TestRegistryRefusesTakenNames(t *testing.T) {
	t.Parallel()
	r := full(t)
	require.ErrorContains(t, r.Register(drivers.Descriptor{ID: "humanitec/echo"}, echo.Echo{}), "already belongs")
	require.ErrorContains(t, r.Register(drivers.Descriptor{ID: "acme/x", Aliases: []string{"humanitec/static"}}, echo.Echo{}), "already belongs")
	require.False(t, r.Known("acme/x"))
	require.Error(t, r.Register(drivers.Descriptor{}, echo.Echo{}))
	require.Error(t, r.Register(drivers.Descriptor{ID: "acme/y"}, nil))
}

func TestRegistryTellsTypoFromMissing(t *testing.T) {
	t.Parallel()
	r := full(t)
	cases := map[string]struct {
		id    string
		known bool
		parts []string
	}{
		"known, not here":    {"humanitec/terraform", true, []string{`"humanitec/terraform"`, "does not run on this server", "humanitec/echo", "humanitec/template"}},
		"typo":               {"humanitec/templte", false, []string{"is not known", `did you mean "humanitec/template"?`}},
		"other organization": {"acme/ecko", false, []string{`did you mean "humanitec/echo"?`}},
		"nothing near":       {"acme/something-else-entirely", false, []string{"is not known; drivers here: "}},
		"empty":              {"", false, []string{`driver "" is not known`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.known, r.Known(c.id))
			require.Equal(t, c.known, r.CheckKnown(c.id) == nil)
			_, _, err := r.Resolve(c.id)
			require.True(t, drivers.IsPermanent(err))
			var e *drivers.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, drivers.CodeNotAvailable, e.Code)
			for _, p := range c.parts {
				require.Contains(t, e.Message, p)
			}
		})
	}
}

func TestListHoldsOnlyWhatRuns(t *testing.T) {
	t.Parallel()
	r := full(t)
	ids := map[string]bool{}
	for _, d := range r.List() {
		ids[d.ID] = true
		_, _, ok := r.Get(d.ID)
		require.True(t, ok)
		require.NotEmpty(t, d.Description, d.ID)
		require.NotEmpty(t, d.ResourceType, d.ID)
	}
	require.True(t, ids["humanitec/template"])
	require.False(t, ids["humanitec/terraform"])
	catalogue := map[string]bool{}
	for _, d := range r.Catalogue() {
		require.False(t, catalogue[d.ID], "%s twice", d.ID)
		catalogue[d.ID] = true
	}
	require.True(t, catalogue["humanitec/terraform"])
	require.False(t, catalogue["humanitec/static"], "an alias is not a driver of its own")
	for id := range ids {
		require.True(t, catalogue[id], id)
	}
}

func TestDescriptorsCannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	r := full(t)
	_, d, _ := r.Get("humanitec/template")
	d.InputsSchema["type"] = "changed"
	_, again, _ := r.Get("humanitec/template")
	require.Equal(t, "object", again.InputsSchema["type"])
}

func TestScrub(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text    string
		secrets any
		want    string
	}{
		"whole":             {"password hunter22 is wrong", map[string]any{"p": "hunter22"}, "password (secret) is wrong"},
		"longest first":     {"abcdef abc", []any{"abc", "abcdef"}, "(secret) (secret)"},
		"quoted":            {`got "a\"b\nc"`, []any{"a\"b\nc"}, `got "(secret)"`},
		"number":            {"code 424242", map[string]any{"n": 424242.0}, "code (secret)"},
		"one of many lines": {"bad line: MIIEvQIBADAN", []any{"-----BEGIN KEY-----\nMIIEvQIBADAN\n-----END KEY-----"}, "bad line: (secret)"},
		"tiny and booleans": {"true a 1", []any{"a", true, 1.0}, "true a 1"},
		"base64":            {"Basic aHVudGVyMjI=", []any{"hunter22"}, "Basic (secret)"},
		"in JSON in JSON":   {`"{\"p\":\"a\\\"b!\"}"`, []any{`a"b!`}, `"{\"p\":\"(secret)\"}"`},
		"three bytes":       {"pin 007", []any{"007"}, "pin (secret)"},
		"none":              {"text", nil, "text"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, drivers.Scrub(c.text, c.secrets))
		})
	}
}

func TestCheckDNSLabel(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{
		"a": true, "a-b": true, "0a": true, "": false, "-a": false, "a-": false, "A": false, "a.b": false, "a_b": false,
		"a23456789012345678901234567890123456789012345678901234567890123":  true,
		"a234567890123456789012345678901234567890123456789012345678901234": false,
	} {
		require.Equal(t, ok, drivers.CheckDNSLabel(name) == nil, name)
	}
}
