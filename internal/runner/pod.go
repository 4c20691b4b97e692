package runner

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Variables of a runner in a pod. The first holds what it is to do without any
// secret; the others come from a Secret, by reference.
const (
	JobVariable      = "SLIPWAY_RUNNER_JOB"
	DatabaseVariable = "SLIPWAY_DATABASE_URL"
	KeysetVariable   = "SLIPWAY_KEYSET_JSON"
	HostVariable     = "SLIPWAY_RUNNER_HOST"
)

// JobVariables is the value of JobVariable: settings and run, without the address
// of the database and the keyset.
func JobVariables(s Settings, j Job) (string, error) {
	s.DatabaseURL, s.KeysetFile, s.KeysetJSON, s.Host = "", "", "", ""
	raw, err := handover{Settings: s, Job: j}.encode()
	return string(raw), err
}

// handoverOfPod reads the variables of a pod. false: this is none.
func handoverOfPod(getenv func(string) string) (h handover, told bool, err error) {
	raw := getenv(JobVariable)
	if raw == "" {
		return h, false, nil
	}
	if err := json.Unmarshal([]byte(raw), &h); err != nil {
		return h, false, fmt.Errorf("read %s: it is no JSON of a run; it is written by a worker, not by hand", JobVariable)
	}
	s := &h.Settings
	s.DatabaseURL, s.KeysetJSON, s.Host = getenv(DatabaseVariable), getenv(KeysetVariable), getenv(HostVariable)
	if s.DatabaseURL == "" || s.KeysetJSON == "" {
		return h, false, errors.New("the Secret of the runners must give the address of the database (key database-url) and the keyset (key keyset.json)")
	}
	return h, true, nil
}
