package store

import (
	"context"
	"strings"
)

// SampleSealed reads one value of a column, of the last row by key that has one, in all organizations; nil when there is
// none.
func (s *Store) SampleSealed(ctx context.Context, c SealedColumn) ([]byte, error) {
	var found [][]byte
	err := s.reader(systemWide(ctx)).Table(c.Table).Where("length("+c.Column+") > 0").
		Order(strings.Join(c.Key, " DESC, ")+" DESC").Limit(1).Pluck(c.Column, &found).Error
	if err != nil {
		return nil, s.fail(ctx, err, "read "+c.String())
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}
