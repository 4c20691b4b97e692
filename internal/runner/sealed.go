package runner

import (
	"encoding/json"
	"fmt"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

// What a ciphertext is bound to, so that none can be moved to another place.
func specAD(r *record.Run) string            { return "runner-spec|" + r.OrgID + "|" + r.ID }
func resultAD(r *record.Run) string          { return "runner-result|" + r.OrgID + "|" + r.ID }
func stateAD(org, guresid string) string     { return "runner-state|" + org + "|" + guresid }
func planAD(org, guresid, id string) string  { return "runner-plan|" + org + "|" + guresid + "|" + id }
func detailAD(org, guresid, a string) string { return "runner-detail|" + org + "|" + guresid + "|" + a }

func seal(k Keeper, ad string, v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode a record of a run: %w", err)
	}
	return k.Encrypt(raw, []byte(ad))
}

func unseal(k Keeper, ad string, sealed []byte, into any) error {
	raw, err := k.Decrypt(sealed, []byte(ad))
	if err != nil {
		return fmt.Errorf("open a record of a run: %w", err)
	}
	return json.Unmarshal(raw, into)
}
