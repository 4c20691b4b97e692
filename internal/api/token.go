package api

// CreateTokenRequest asks for a new static token.
type CreateTokenRequest struct {
	ID          string `json:"id" doc:"Id of the token, unique for the user"`
	Type        string `json:"type" enum:"static" doc:"Kind of token"`
	Description string `json:"description,omitempty" doc:"What the token is for"`
	ExpiresAt   *Time  `json:"expires_at,omitempty" doc:"When it stops working; never when absent"`
}

// NewToken carries the token itself; it is shown this once.
type NewToken struct {
	Token string `json:"token" doc:"The token; it cannot be shown again"`
	Type  string `json:"type" enum:"static" doc:"Kind of token"`
}

// Token describes a token without showing it.
type Token struct {
	ID          string `json:"id" doc:"Id of the token"`
	Type        string `json:"type" doc:"Kind of token"`
	Description string `json:"description" doc:"What the token is for"`
	CreatedAt   Time   `json:"created_at" doc:"When it was created"`
	CreatedBy   string `json:"created_by" doc:"Id of the user who created it"`
	ExpiresAt   *Time  `json:"expires_at,omitempty" doc:"When it stops working"`
	LastUsedAt  *Time  `json:"last_used_at,omitempty" doc:"When it was used last, to the minute"`
}
