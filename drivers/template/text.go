package template

import (
	"context"
	"errors"

	"github.com/slipway-dev/slipway/drivers"
)

// Text renders one template to text with the same functions and limits as the
// driver. The name is what errors call it. The scope is copied.
func Text(ctx context.Context, name, source string, scope map[string]any) (string, error) {
	limits := DefaultLimits()
	ctx, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()
	e := newEngine(ctx, limits)
	defer e.release()
	data, _ := orEmpty(toTemplate(scope)).(map[string]any)
	out, err := e.execute(name, source, data)
	if err == nil {
		return out, nil
	}
	var known *drivers.Error
	if errors.As(err, &known) {
		known.Err = contextCause(known.Err)
	}
	return "", err
}
