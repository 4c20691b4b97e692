// Package external calls drivers that somebody else runs, over HTTP, by the
// published driver contract, version 0.9.3: PUT and DELETE of
// <target>/<GUResID>, 202 answered by asking again, a cookie in a header.
//
// The address of such a driver comes from a user, so nothing inside the
// installation's own network is called unless a setting allows it; that is
// checked for each connection after the name was resolved.
package external
