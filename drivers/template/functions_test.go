package template

import (
	"context"
	"testing"

	"github.com/Masterminds/sprig/v3"
	"github.com/stretchr/testify/require"
)

// The allow-list names only what Sprig has, and what is left out is left out on purpose.
func TestAllowList(t *testing.T) {
	t.Parallel()
	all := sprig.TxtFuncMap()
	listed := map[string]bool{}
	for _, name := range allowed {
		require.Contains(t, all, name)
		require.False(t, listed[name], "%s twice", name)
		listed[name] = true
	}
	left := []string{}
	for name := range all {
		if !listed[name] {
			left = append(left, name)
		}
	}
	require.ElementsMatch(t, []string{"env", "expandenv", "getHostByName"}, left)
}

func TestForbiddenFunctionsAreAbsent(t *testing.T) {
	t.Parallel()
	e := newEngine(context.Background(), DefaultLimits())
	defer e.release()
	for _, name := range []string{"env", "expandenv", "getHostByName", "toYaml", "fromYaml", "include", "tpl", "lookup", "readFile"} {
		require.NotContains(t, e.funcs, name)
	}
}
