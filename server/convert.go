package server

// as makes a use case's result a wire object:
//
//	return as(wireThing)(c.Service.GetThing(...))
func as[From, To any](wire func(From) To) func(*From, error) (To, error) {
	return func(v *From, err error) (To, error) {
		if err != nil {
			return *new(To), err
		}
		return wire(*v), nil
	}
}

// asList does the same for a list, which is never null on the wire.
func asList[From, To any](wire func(From) To) func([]From, error) ([]To, error) {
	return func(list []From, err error) ([]To, error) {
		if err != nil {
			return nil, err
		}
		return convert(list, wire), nil
	}
}

func convert[From, To any](list []From, wire func(From) To) []To {
	out := make([]To, 0, len(list))
	for _, v := range list {
		out = append(out, wire(v))
	}
	return out
}

func orEmptyMap[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

func orEmptyList[V any](list []V) []V {
	if list == nil {
		return []V{}
	}
	return list
}

// optional is nil for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func deref[V any](p *V) V {
	if p == nil {
		return *new(V)
	}
	return *p
}
