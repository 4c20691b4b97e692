package resource_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/resource"
)

var (
	qa = resource.Context{OrgID: "org", AppID: "shop", EnvID: "qa", EnvType: "test"}
	db = resource.Key{Type: "postgres", Class: "default", ID: "modules.api.externals.db"}
)

func definition(id string, criteria ...resource.Criteria) resource.Definition {
	return resource.Definition{ID: id, Type: "postgres", Criteria: criteria}
}

// TestB5Criteria is vector B5 of the behaviour reference.
func TestB5Criteria(t *testing.T) {
	t.Parallel()
	all := []resource.Definition{
		definition("D1", resource.Criteria{}),
		definition("D2", resource.Criteria{EnvType: "test"}),
		definition("D3", resource.Criteria{AppID: "shop"}),
		definition("D4", resource.Criteria{EnvType: "test", AppID: "shop"}),
		definition("D5", resource.Criteria{EnvID: "qa"}),
		definition("D6", resource.Criteria{ResID: db.ID}),
		definition("D7", resource.Criteria{AppID: "shop", EnvID: "qa", EnvType: "test"}),
		definition("D8", resource.Criteria{Class: "large", ResID: db.ID}),
	}
	chosen, criteria, candidates := resource.Match(all, qa, db)
	require.Equal(t, "D6", chosen.ID)
	require.Equal(t, db.ID, criteria.ResID)
	var ranking []string
	for _, c := range candidates {
		ranking = append(ranking, c.DefinitionID)
		require.Equal(t, c.DefinitionID != "D8", c.Matches, c.DefinitionID)
	}
	require.Equal(t, []string{"D6", "D7", "D5", "D4", "D3", "D2", "D1", "D8"}, ranking)
	require.Equal(t, "class is large, not default", candidates[7].Reason)
	require.Equal(t, "matches res_id modules.api.externals.db, class default", candidates[0].Reason)
}

func TestMatch(t *testing.T) {
	t.Parallel()
	vendor := definition("a-vendor", resource.Criteria{AppID: "shop"})
	vendor.IsDefault = true
	other := definition("other", resource.Criteria{})
	other.Type = "mysql"
	cases := map[string]struct {
		definitions []resource.Definition
		key         resource.Key
		want        string
		closest     string
	}{
		"no criteria never match":            {[]resource.Definition{definition("d")}, db, "", "d"},
		"empty criterion matches default":    {[]resource.Definition{definition("d", resource.Criteria{})}, db, "d", "d"},
		"empty class is default":             {[]resource.Definition{definition("d", resource.Criteria{})}, resource.Key{Type: "postgres", ID: "x"}, "d", "d"},
		"empty criterion, other class":       {[]resource.Definition{definition("d", resource.Criteria{})}, resource.Key{Type: "postgres", Class: "large", ID: "x"}, "", "d"},
		"env and env type must agree":        {[]resource.Definition{definition("d", resource.Criteria{EnvID: "qa", EnvType: "production"})}, db, "", "d"},
		"vendor ranks last":                  {[]resource.Definition{vendor, definition("z", resource.Criteria{})}, db, "z", "z"},
		"vendor when nothing else matches":   {[]resource.Definition{vendor, definition("z", resource.Criteria{AppID: "x"})}, db, "a-vendor", "a-vendor"},
		"other types are no candidates":      {[]resource.Definition{other}, db, "", ""},
		"best of several criteria":           {[]resource.Definition{definition("d", resource.Criteria{}, resource.Criteria{EnvID: "qa"}), definition("e", resource.Criteria{AppID: "shop"})}, db, "d", "d"},
		"closest has the fewest differences": {[]resource.Definition{definition("a", resource.Criteria{AppID: "x", EnvType: "y"}), definition("b", resource.Criteria{EnvType: "y"})}, db, "", "b"},
		"ties go by id":                      {[]resource.Definition{definition("b", resource.Criteria{}), definition("a", resource.Criteria{})}, db, "a", "a"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chosen, criteria, candidates := resource.Match(tc.definitions, qa, tc.key)
			if tc.want == "" {
				require.Nil(t, chosen)
				require.Nil(t, criteria)
			}
			if tc.want != "" {
				require.Equal(t, tc.want, chosen.ID)
				require.Contains(t, chosen.Criteria, *criteria)
			}
			if tc.closest == "" {
				require.Empty(t, candidates)
				return
			}
			require.Equal(t, tc.closest, candidates[0].DefinitionID)
		})
	}
}

func TestCriteriaString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "any", resource.Criteria{Class: "default"}.String())
	require.Equal(t, "env_type: production, res_id: x, class: large",
		resource.Criteria{EnvType: "production", ResID: "x", Class: "large"}.String())
}

// TestIndexAgreesWithMatch holds the fast way against the plain one.
func TestIndexAgreesWithMatch(t *testing.T) {
	t.Parallel()
	pick := func(values ...string) *rapid.Generator[string] { return rapid.SampledFrom(values) }
	rapid.Check(t, func(t *rapid.T) {
		defs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) resource.Definition {
			return resource.Definition{
				ID: pick("a", "b", "c").Draw(t, "id"), Type: pick("s3", "dns").Draw(t, "type"), IsDefault: rapid.Bool().Draw(t, "default"),
				Criteria: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) resource.Criteria {
					return resource.Criteria{
						EnvType: pick("", "test", "x").Draw(t, "env type"), AppID: pick("", "shop", "x").Draw(t, "app"),
						EnvID: pick("", "qa", "x").Draw(t, "env"), ResID: pick("", "r1", "r2").Draw(t, "res"), Class: pick("", "default", "large").Draw(t, "class"),
					}
				}), 0, 3).Draw(t, "criteria"),
			}
		}), 0, 8).Draw(t, "defs")
		index := resource.NewIndex(defs, qa)
		for range 4 {
			key := resource.Key{
				Type: pick("s3", "dns", "none").Draw(t, "type"), Class: pick("", "default", "large").Draw(t, "class"), ID: pick("r1", "r2", "r3").Draw(t, "id"),
			}
			definition, criteria, candidates := resource.Match(defs, qa, key)
			gotDefinition, gotCriteria, gotCandidates := index.Match(key)
			require.Equal(t, definition, gotDefinition)
			require.Equal(t, criteria, gotCriteria)
			if len(candidates) > 0 {
				require.Equal(t, candidates[0], gotCandidates[0])
			}
			require.LessOrEqual(t, len(gotCandidates), resource.MaxCandidates)
		}
	})
}

func TestKeyText(t *testing.T) {
	t.Parallel()
	key := resource.Key{Type: "my-org/s3", Class: "large", ID: "modules.api.externals.db"}
	text, err := key.MarshalText()
	require.NoError(t, err)
	require.Equal(t, "my-org/s3.large#modules.api.externals.db", string(text))
	var again resource.Key
	require.NoError(t, again.UnmarshalText(text))
	require.Equal(t, key, again)
	require.Error(t, again.UnmarshalText([]byte("s3#x")))
	require.Error(t, again.UnmarshalText([]byte("s3.large")))
}
