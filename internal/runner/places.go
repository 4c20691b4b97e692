package runner

import "github.com/slipway-dev/slipway/internal/runner/record"

// What a ciphertext in a record is bound to (associated data), for those who encrypt records anew.

// SpecPlace is the place of what a run was asked to do.
func SpecPlace(org, run string) []byte { return []byte(specAD(&record.Run{OrgID: org, ID: run})) }

// ResultPlace is the place of what a run made.
func ResultPlace(org, run string) []byte { return []byte(resultAD(&record.Run{OrgID: org, ID: run})) }

// StatePlace is the place of a resource's state.
func StatePlace(org, guresid string) []byte { return []byte(stateAD(org, guresid)) }

// PlanPlace is the place of a stored plan.
func PlanPlace(org, guresid, plan string) []byte { return []byte(planAD(org, guresid, plan)) }

// DetailPlace is the place of the inputs of a journal entry.
func DetailPlace(org, guresid, address string) []byte {
	return []byte(detailAD(org, guresid, address))
}
