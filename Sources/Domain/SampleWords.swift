internal import Model

/// What made-up rows of the samples are made of.
let sampleWords = SampleWords(
    texts: [
        "actor": ["GRACE HOPPER", "ALAN TURING", "ADA LOVELACE", "EDSGER DIJKSTRA", "BARBARA LISKOV", "DONALD KNUTH"],
        "address": ["1 High Street", "27 Mill Lane", "14 Station Road", "5 Church Walk", "80 Harbour View"],
        "body": [
            "What is read often and written seldom is worth keeping.", "It worked on the first day, and on the second.",
            "Short and clear, thank you.", "A list is sorted before it is cut.",
        ],
        "city": ["Bath", "Leeds", "Lyon", "Turin", "Ghent", "Porto", "Graz", "Aarhus"],
        "country": ["UK", "France", "Italy", "Belgium", "Portugal", "Austria", "Denmark"],
        "environment": ["production", "staging", "testing"],
        "first_name": ["Ada", "Alan", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Niklaus"],
        "gender": ["F", "M"],
        "last_name": ["Lovelace", "Turing", "Hopper", "Dijkstra", "Liskov", "Knuth", "Allen", "Wirth"],
        "owner": ["platform", "payments", "search", "storefront"],
        "release": ["1.0.0", "1.1.0", "1.1.1", "1.2.0", "2.0.0", "2.0.1"],
        "repository_url": ["https://git.example.org/store", "https://git.example.org/search"],
        "state": ["Somerset", "Yorkshire", "Styria", "Jutland"],
        "title": ["The Long Winter", "A Field of Stars", "North by Night", "The Quiet Harbour", "Seven Lanterns"],
    ],
    numbers: [
        "age": 18...90, "income": 20_000...120_000, "price": 99...49_99, "quantity": 1...5, "sold": 0...100, "stock": 0...500,
        "tax": 0...8_25,
    ])
