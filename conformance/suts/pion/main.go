// Pion behind WCAP/1 (docs/adapter-protocol.md), as Debian packages it. Data channels only.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
)

type obj = map[string]interface{}

// An answer other than "ok".
type answer struct{ kind, reason, detail string }

func (a answer) Error() string { return a.kind + ": " + a.detail }

var (
	out   sync.Mutex
	gate  sync.Mutex // of cases
	cases = map[string]map[string]*peer{}
)

func write(message obj) {
	text, _ := json.Marshal(message)
	out.Lock()
	fmt.Println(string(text))
	out.Unlock()
}

var features = obj{
	"ice": "yes", "ice.role": []string{"full", "lite"}, "ice.nomination": "yes", "stun": "yes", "stun.credentials.short-term": "yes",
	"stun.integrity.sha256": "no", "stun.userhash": "no",
}

func handle(command string, args obj, id string) (obj, error) {
	switch command {
	case "hello":
		return obj{
			"version": 1, "sut": obj{"name": "pion", "version": "3.1.56", "language": "go"}, "adapter": obj{"name": "wcap-pion", "version": "1.0"},
			"levels": []string{"wire"}, "clock": []string{"real"}, "bind": []string{bind}, "ordered": true, "concurrency": 16, "features": features,
		}, nil
	case "probe":
		feature, _ := args["feature"].(string)
		claim, known := features[feature]
		if !known || claim == "no" {
			return nil, answer{"unsupported", "", feature}
		}
		return obj{"value": claim}, nil
	case "ping", "bye":
		return obj{}, nil
	}
	gate.Lock()
	peers, known := cases[id]
	if command == "case.begin" {
		cases[id] = map[string]*peer{}
	}
	if command == "case.end" || command == "case.abort" {
		delete(cases, id)
	}
	gate.Unlock()
	switch {
	case command == "case.begin":
		return obj{}, nil
	case !known:
		return nil, answer{"badRequest", "", "no such case"}
	case command == "case.end" || command == "case.abort":
		for _, p := range peers {
			p.close()
		}
		return obj{}, nil
	case !strings.HasPrefix(command, "peer."):
		return nil, answer{"unsupported", "", command}
	}
	name, _ := args["peer"].(string)
	gate.Lock()
	p := peers[name]
	gate.Unlock()
	if command == "peer.create" {
		if name == "" || p != nil {
			return nil, answer{"badRequest", "", "peer: a new name is needed"}
		}
		p, err := create(id, name, args)
		if err != nil {
			return nil, err
		}
		gate.Lock()
		peers[name] = p
		gate.Unlock()
		return obj{}, nil
	}
	if p == nil {
		return nil, answer{"badRequest", "", "no such peer"}
	}
	if command == "peer.close" {
		gate.Lock()
		delete(peers, name)
		gate.Unlock()
		p.close()
		return obj{}, nil
	}
	return p.carryOut(command, args)
}

func respond(id interface{}, command string, args obj, caseId string) {
	ok, err := handle(command, args, caseId)
	if err == nil {
		write(obj{"id": id, "ok": ok})
		return
	}
	wrong, known := err.(answer)
	if !known {
		wrong = answer{"failed", "", err.Error()}
	}
	text := obj{"kind": wrong.kind, "detail": wrong.detail}
	if wrong.reason != "" {
		text["reason"] = wrong.reason
	}
	write(obj{"id": id, "err": text})
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<16), 1<<23)
	for in.Scan() {
		var message obj
		if json.Unmarshal(in.Bytes(), &message) != nil {
			message = obj{}
		}
		command, _ := message["cmd"].(string)
		args, _ := message["args"].(obj)
		caseId, _ := message["case"].(string)
		id := message["id"]
		if id == nil {
			id = 0
		}
		respond(id, command, args, caseId)
		if command == "bye" {
			return
		}
	}
}
