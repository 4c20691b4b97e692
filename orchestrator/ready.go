package orchestrator

import "context"

// Ready reports whether requests can be served at all: the database and the
// workflow engine answer.
func (s *Service) Ready(ctx context.Context) error {
	if err := s.store.Ping(ctx); err != nil {
		return Wrapf(CodeUnavailable, err, "the database does not answer")
	}
	return s.workflows.Ready(ctx)
}
