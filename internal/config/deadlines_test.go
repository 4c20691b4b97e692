package config_test

import (
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/config"
)

func TestDeadlinesAndQueueLimit(t *testing.T) {
	for name, c := range map[string]struct {
		args    []string
		env     map[string]string
		want    []any // deployment deadline, rollout deadline, rollout patience, queue limit
		refused string
	}{
		"defaults": {want: []any{6 * time.Hour, 10 * time.Minute, time.Duration(0), 1000}},
		"flags": {
			args: []string{"--deployment-deadline", "90m", "--rollout-deadline", "55m", "--rollout-patience", "3m", "--queue-limit", "0"},
			want: []any{90 * time.Minute, 55 * time.Minute, 3 * time.Minute, 0},
		},
		"environment": {
			env:  map[string]string{"SLIPWAY_DEPLOYMENT_DEADLINE": "24h", "SLIPWAY_ROLLOUT_DEADLINE": "30s", "SLIPWAY_ROLLOUT_PATIENCE": "5s", "SLIPWAY_QUEUE_LIMIT": "5"},
			want: []any{24 * time.Hour, 30 * time.Second, 5 * time.Second, 5},
		},
		"a rollout longer than its activity": {args: []string{"--rollout-deadline", "56m"}, refused: "at most 55m"},
		"no time for a deployment":           {args: []string{"--deployment-deadline", "0"}, refused: "at least 1s"},
		"no patience":                        {args: []string{"--rollout-patience", "10ms"}, refused: "at least 1s"},
		"no duration":                        {args: []string{"--rollout-deadline", "soon"}, refused: "expected a duration"},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range c.env {
				t.Setenv(k, v)
			}
			flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
			read := config.Bind(flags, "deployment-deadline", "rollout-deadline", "rollout-patience", "queue-limit")
			require.NoError(t, flags.Parse(c.args))
			got, err := read()
			if c.refused != "" {
				require.ErrorContains(t, err, c.refused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, []any{got.DeploymentDeadline, got.RolloutDeadline, got.RolloutPatience, got.QueueLimit})
		})
	}
}
