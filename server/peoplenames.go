package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func listPeopleNames(c *Call) ([]api.PersonName, error) {
	return asList(func(p orchestrator.PersonName) api.PersonName { return api.PersonName(p) })(c.Service.PeopleNames(c.Context(), c.Org(), c.QueryAll("id")))
}
