package resource_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

func reference(t require.TestingT, raw string) placeholder.Reference {
	path, err := placeholder.ParsePath(raw)
	require.NoError(t, err)
	return placeholder.Reference{Raw: raw, Path: path}
}

func step(direction byte, typ, class, id string) resource.Step {
	return resource.Step{Ref: resource.Ref{Type: typ, Class: class, ID: id}, Direction: direction}
}

func TestParsePath(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		raw  string
		want resource.Path
	}{
		"bare":                 {"resources.config#example.outputs.name", resource.Path{Steps: []resource.Step{step(0, "config", "", "example")}, Attribute: "outputs", Rest: placeholder.Path{"name"}}},
		"bare with class":      {"resources.config.large.outputs.name", resource.Path{Steps: []resource.Step{step(0, "config", "large", "")}, Attribute: "outputs", Rest: placeholder.Path{"name"}}},
		"bare id with dots":    {"resources.s3#modules.w.externals.x.guresid", resource.Path{Steps: []resource.Step{step(0, "s3", "", "modules.w.externals.x")}, Attribute: "guresid"}},
		"quoted":               {`resources["k8s-cluster.default#k8s-cluster"].values`, resource.Path{Steps: []resource.Step{step(0, "k8s-cluster", "default", "k8s-cluster")}, Attribute: "values"}},
		"account":              {"resources['config.default#aws'].account", resource.Path{Steps: []resource.Step{step(0, "config", "default", "aws")}, Attribute: "account"}},
		"deep output":          {"resources.config.outputs.a.0.b", resource.Path{Steps: []resource.Step{step(0, "config", "", "")}, Attribute: "outputs", Rest: placeholder.Path{"a", "0", "b"}}},
		"all outputs":          {"resources.config.outputs", resource.Path{Steps: []resource.Step{step(0, "config", "", "")}, Attribute: "outputs"}},
		"dependents":           {"resources.dns<route.outputs.path", resource.Path{Steps: []resource.Step{step(0, "dns", "", ""), step('<', "route", "", "")}, Attribute: "outputs", Rest: placeholder.Path{"path"}}},
		"dependencies":         {"resources.workload>aws-policy.outputs.arn", resource.Path{Steps: []resource.Step{step(0, "workload", "", ""), step('>', "aws-policy", "", "")}, Attribute: "outputs", Rest: placeholder.Path{"arn"}}},
		"quoted with class":    {`resources["aws-policy.s3>s3"].outputs.arn`, resource.Path{Steps: []resource.Step{step(0, "aws-policy", "s3", ""), step('>', "s3", "", "")}, Attribute: "outputs", Rest: placeholder.Path{"arn"}}},
		"chain":                {"resources.gcs.default<workload>k8s-service-account.outputs.name", resource.Path{Steps: []resource.Step{step(0, "gcs", "default", ""), step('<', "workload", "", ""), step('>', "k8s-service-account", "", "")}, Attribute: "outputs", Rest: placeholder.Path{"name"}}},
		"custom type":          {"resources['my-org/dns<route'].outputs.path", resource.Path{Steps: []resource.Step{step(0, "my-org/dns", "", ""), step('<', "route", "", "")}, Attribute: "outputs", Rest: placeholder.Path{"path"}}},
		"class like attribute": {`resources["config.values"].outputs.x`, resource.Path{Steps: []resource.Step{step(0, "config", "values", "")}, Attribute: "outputs", Rest: placeholder.Path{"x"}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := resource.ParsePath(reference(t, tc.raw))
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
			again, err := resource.ParsePath(reference(t, got.String()))
			require.NoError(t, err)
			require.Equal(t, got, again)
		})
	}
}

func TestParsePathRefuses(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"other root":        "externals.db.host",
		"nothing more":      "resources",
		"no attribute":      "resources.config.name",
		"below guresid":     "resources.config.guresid.x",
		"below account":     "resources.config.account.x",
		"empty class":       `resources["config."].outputs.x`,
		"empty id":          "resources.config#.outputs.x",
		"empty step":        "resources.dns<.outputs.x",
		"no type":           `resources["#x"].outputs.y`,
		"two slashes":       "resources.a/b/c.outputs.x",
		"class with a dot":  `resources["config.a.b"].outputs.x`,
		"id with two marks": `resources["config#a#b"].outputs.x`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := resource.ParsePath(reference(t, raw))
			require.ErrorContains(t, err, "${"+raw+"}")
		})
	}
}

func TestRefPropagates(t *testing.T) {
	t.Parallel()
	current := resource.Key{Type: "s3", Class: "one", ID: "modules.w.externals.b"}
	for text, want := range map[string]resource.Key{
		"config":         {Type: "config", Class: "one", ID: "modules.w.externals.b"},
		"config#example": {Type: "config", Class: "one", ID: "example"},
		"config.two":     {Type: "config", Class: "two", ID: "modules.w.externals.b"},
		"config.two#x":   {Type: "config", Class: "two", ID: "x"},
		"my-org/config":  {Type: "my-org/config", Class: "one", ID: "modules.w.externals.b"},
	} {
		ref, err := resource.ParseRef(text)
		require.NoError(t, err)
		require.Equal(t, want, ref.Key(current), text)
		require.Equal(t, text, ref.String())
		require.True(t, ref.Selects(want))
		require.False(t, ref.Selects(resource.Key{Type: "x", Class: want.Class, ID: want.ID}))
	}
}

func FuzzParseRef(f *testing.F) {
	for _, seed := range []string{"s3", "s3.large#x", "org/s3#a.b", "#", "a.b.c", "a/#"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, err := resource.ParseRef(s)
		if err != nil {
			return
		}
		require.NotEmpty(t, ref.Type)
		again, err := resource.ParseRef(ref.String())
		require.NoError(t, err)
		require.Equal(t, ref, again)
	})
}

func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"resources.a.outputs.b", `resources["a.b#c<d>e"].guresid`, "resources.<.outputs", "resources.a.b.c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path, err := placeholder.ParsePath(s)
		if err != nil {
			return
		}
		parsed, err := resource.ParsePath(placeholder.Reference{Raw: s, Path: path})
		if err != nil {
			return
		}
		again, err := resource.ParsePath(reference(t, parsed.String()))
		require.NoError(t, err)
		require.Equal(t, parsed, again)
	})
}
