package temporal

import (
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

// maxPayload bounds what a workflow or activity may pass on. Histories carry
// ids; sets, graphs, manifests and outputs live in the database.
const maxPayload = 32 << 10

// idsOnly refuses payloads that are too large to be ids.
type idsOnly struct{ converter.DataConverter }

// newDataConverter is the one through which everything goes to Temporal.
func newDataConverter() converter.DataConverter {
	return idsOnly{converter.GetDefaultDataConverter()}
}

// ToPayload encodes one value.
func (c idsOnly) ToPayload(value any) (*commonpb.Payload, error) {
	p, err := c.DataConverter.ToPayload(value)
	if err != nil {
		return nil, err
	}
	return p, checkSize(p, value)
}

// ToPayloads encodes arguments or results.
func (c idsOnly) ToPayloads(values ...any) (*commonpb.Payloads, error) {
	ps, err := c.DataConverter.ToPayloads(values...)
	if err != nil {
		return nil, err
	}
	for i, p := range ps.GetPayloads() {
		if err := checkSize(p, values[i]); err != nil {
			return nil, err
		}
	}
	return ps, nil
}

func checkSize(p *commonpb.Payload, value any) error {
	if n := len(p.GetData()); n > maxPayload {
		return fmt.Errorf("a %T of %d bytes is too large for a workflow's history (at most %d): store it and pass its id", value, n, maxPayload)
	}
	return nil
}
