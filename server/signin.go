package server

import (
	"github.com/slipway-dev/slipway/internal/api"
)

// signInRoutes are operations for those who have no token yet.
func signInRoutes() []Route {
	return tagged("Users", []Route{
		accept(Route{Method: "POST", Path: "/auth/invitations/accept", OperationID: "acceptInvitation", Open: true,
			Summary: "Accept an invitation with its token; the answer holds a token of yours"}, acceptInvitation),
		accept(Route{Method: "POST", Path: "/auth/token", OperationID: "redeemLoginCode", Open: true,
			Summary: "Redeem the code of a sign-in with the command line"}, redeemCode),
	})
}

func acceptInvitation(c *Call, in api.AcceptInvitationRequest) (api.AcceptedInvitation, error) {
	user, token, err := c.Service.AcceptInvitation(c.Context(), in.Token, in.Name)
	if err != nil {
		return api.AcceptedInvitation{}, err
	}
	return api.AcceptedInvitation{User: wireProfile(*user), Token: token}, nil
}
