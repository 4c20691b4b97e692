package orchestrator

import (
	"context"

	"github.com/slipway-dev/slipway/engine/score"
)

// ConvertScore turns a Score file into a module and shared resources. It stores
// nothing and knows nothing of applications.
func (s *Service) ConvertScore(ctx context.Context, org string, in score.Input) (*score.Output, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	out, err := score.Convert(in)
	if err != nil {
		return nil, Invalidf("%v", err)
	}
	return out, nil
}
