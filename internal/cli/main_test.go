package cli_test

import (
	"os"
	"testing"

	"github.com/slipway-dev/slipway/internal/charts/charttest"
)

func TestMain(m *testing.M) {
	charttest.Process()
	os.Exit(m.Run())
}
