package orchestrator

import (
	"context"
	"errors"

	"github.com/slipway-dev/slipway/engine/score"
)

// ConvertScore turns a Score file into a module and shared resources. It stores
// nothing and knows nothing of applications. What is wrong with the file is listed
// in the error's details, as problems with path and message each.
func (s *Service) ConvertScore(ctx context.Context, org string, in score.Input) (*score.Output, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	out, err := score.Convert(in)
	var faulty *score.Error
	if errors.As(err, &faulty) {
		refused := Invalidf("%v", faulty)
		refused.Details = map[string]any{"problems": faulty.Problems}
		return nil, refused
	}
	if err != nil {
		return nil, Invalidf("%v", err)
	}
	return out, nil
}
