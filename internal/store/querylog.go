package store

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm/logger"
)

// queryLog passes slow statements on to slog. Parameters may be secrets and
// never reach it: the log shows placeholders. Failed statements are not logged
// here, their error goes to the caller.
type queryLog struct {
	log  *slog.Logger
	slow time.Duration
}

var (
	_ logger.Interface = (*queryLog)(nil)
	_ interface {
		ParamsFilter(context.Context, string, ...any) (string, []any)
	} = (*queryLog)(nil)
)

// ParamsFilter drops the parameters before GORM renders a statement.
func (q *queryLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

// LogMode changes nothing: the level is slog's business.
func (q *queryLog) LogMode(logger.LogLevel) logger.Interface { return q }

// Info drops GORM's remarks; they may hold parameters.
func (q *queryLog) Info(context.Context, string, ...any) {}

// Warn drops GORM's remarks; they may hold parameters.
func (q *queryLog) Warn(context.Context, string, ...any) {}

// Error drops GORM's remarks; the error itself goes to the caller.
func (q *queryLog) Error(context.Context, string, ...any) {}

// Trace logs a statement that took long.
func (q *queryLog) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), _ error) {
	took := time.Since(begin)
	if q.slow <= 0 || took < q.slow {
		return
	}
	sql, rows := statement()
	q.log.WarnContext(ctx, "slow database statement", "sql", sql, "rows", rows, "took", took)
}
