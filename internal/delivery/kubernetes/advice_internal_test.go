package kubernetes

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAdviceNamesTheWorkload(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, text, want string }{
		"of a workload":   {"modules.web", "it crashes\ntry: slipway logs WORKLOAD --previous", "it crashes (cluster c)\ntry: slipway logs web --previous"},
		"of a resource":   {"redis.default#modules.web.externals.cache", "it crashes\ntry: slipway logs WORKLOAD", "it crashes (cluster c)\ntry: slipway logs WORKLOAD"},
		"without advice":  {"modules.web", "it crashes", "it crashes (cluster c)"},
		"of several rows": {"modules.web", "it crashes\nits log\ntry: again", "it crashes\nits log (cluster c)\ntry: again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &batch{cluster: &cluster{url: "c"}}
			require.Equal(t, c.want, b.deploymentError(c.from, c.text, "RUN-CrashLoop").Message)
		})
	}
}
