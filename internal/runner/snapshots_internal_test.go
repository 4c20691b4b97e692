package runner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// forgetful is a Store of one state that loses the answers of some writes after it has carried them out, as a connection does that
// breaks during a commit.
type forgetful struct {
	Store
	state *record.State
	lose  int // so many answers
}

func (f *forgetful) GetState(context.Context, string, string) (*record.State, error) {
	if f.state == nil {
		return nil, orchestrator.NotFoundf("there is no state")
	}
	return f.state, nil
}

func (f *forgetful) PutState(_ context.Context, r *record.Run, st *record.State) (bool, error) {
	stored := f.state == nil || f.state.Lineage == st.Lineage && f.state.Serial < st.Serial
	if stored {
		f.state = st
		f.state.RunID = r.ID
	}
	if f.lose > 0 {
		f.lose--
		return false, context.Canceled
	}
	return stored, nil
}

// plain encrypts nothing.
type plain struct{ Keeper }

func (plain) Encrypt(text, _ []byte) ([]byte, error) { return text, nil }
func (plain) Decrypt(text, _ []byte) ([]byte, error) { return text, nil }

func stateOf(serial int, resource string) []byte {
	return []byte(fmt.Sprintf(`{"version":4,"lineage":"l","serial":%d,"resources":[{"mode":"managed","type":"record","name":%q,"instances":[{"attributes":{"id":"1"}}]}]}`, serial, resource))
}

func TestSnapshotWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		lost, left []byte // the snapshot that was stored without an answer, and what Terraform left in the end
		want       string
	}{
		"the last one":    {lost: stateOf(2, "made"), left: stateOf(2, "made"), want: "record.made"},
		"one before":      {lost: stateOf(2, "begun"), left: stateOf(3, "made"), want: "record.made"},
		"an old one left": {lost: stateOf(3, "made"), left: stateOf(2, "begun"), want: "record.made"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &forgetful{lose: 1}
			j := &job{store: store, keeper: plain{}, run: &record.Run{OrgID: "o", ID: "r", GUResID: "g"}, lease: &lease{ctx: t.Context()}}
			s := &snapshots{job: j}
			require.ErrorIs(t, s.offer(t.Context(), c.lost), context.Canceled)
			path := filepath.Join(t.TempDir(), "terraform.tfstate")
			require.NoError(t, os.WriteFile(path, c.left, 0o600))
			require.NoError(t, s.settle(path))
			require.Contains(t, s.current().managed(), c.want)
			require.JSONEq(t, string(store.state.Sealed), string(s.raw), "what is known is what is stored")
		})
	}
}
